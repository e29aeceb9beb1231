import { parsed, quoteValue, type Parsed } from '../../values/parsed.js';
import type { LabelType, ReadOptions } from './label-type.js';
import { CONTROLS } from './pattern.js';
import { text } from './text.js';

/**
 * A list with commas between its items, or with what the operator chose instead. Blanks around an item do
 * not count, and neither do empty items. Of several items that cannot be read the worst is told: the first
 * that nothing counts in place of, else the first.
 */
export function listOf<T>(item: LabelType<T>, name = `list of ${item.name}s`): LabelType<readonly T[]> {
  return {
    name,
    words: `list, separated by commas: ${item.words}`,
    schema: {
      ...(item.schema.pattern !== undefined && { pattern: listPattern(item.schema.pattern) }),
      ...(item.schema.numbers && { numbers: item.schema.numbers }),
    },
    ...(item.raw && { raw: item.raw }),
    read: (value, options) => readList(item, splitItems(value, options), options),
  };
}

function splitItems(text: string, { separator = ',' }: ReadOptions = {}): readonly string[] {
  return text
    .split(separator)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

function readList<T>(
  item: LabelType<T>,
  parts: readonly string[],
  options: ReadOptions | undefined,
): Parsed<readonly T[]> {
  const values: T[] = [];
  const unread: (Parsed<T> & { readonly ok: false })[] = [];
  for (const part of parts) {
    const result = item.read(part, options);
    if (!result.ok) unread.push({ ...result, part });
    if (result.ok) values.push(result.value);
    else if (result.instead) values.push(result.instead.value);
  }
  const worst = unread.find(({ instead }) => !instead) ?? unread[0];
  if (!worst) return parsed(values);
  const { part = '', problem, expected, instead } = worst;
  return {
    ok: false,
    problem: parts.length > 1 ? `has the item ${quoteValue(part)}, which ${problem}` : problem,
    expected,
    part,
    ...(instead && { instead: { value: values } }),
  };
}

function listPattern(item: string): string {
  const one = `\\s*(?:${item})?\\s*`;
  return `${one}(?:,${one})*`;
}

/** A list of texts, each on one line; `words` say what one of them is. */
export function listOfTexts(name: string, words: string): LabelType<readonly string[]> {
  const item = { ...text, words, schema: { ...text.schema, pattern: `[^,${CONTROLS}]*` } };
  return listOf(item, `list of ${name}`);
}
