import { parsed, quoteValue, type Parsed } from '../../values/parsed.js';
import type { LabelType, ReadOptions } from './label-type.js';
import { splitList } from '../../values/split-list.js';
import { CONTROLS, readOneLine } from './pattern.js';
import { text } from './text.js';

/**
 * A list with commas between its items, or with what the operator chose instead; those within quotes and
 * brackets do not count. Neither do blanks around an item and empty items. Of several items that cannot be
 * read the worst is told: the first that nothing counts in place of, else the first.
 */
export function listOf<T>(item: LabelType<T>, name = `list of ${item.name}s`): LabelType<readonly T[]> {
  return listWith(splitList, item, name);
}

/** A list whose items hold no comma, whatever they hold besides. */
export function plainListOf<T>(item: LabelType<T>): LabelType<readonly T[]> {
  return listWith((text, separator) => text.split(separator), item, `list of ${item.name}s`);
}

type Split = (text: string, separator: string) => readonly string[];

function listWith<T>(split: Split, item: LabelType<T>, name: string): LabelType<readonly T[]> {
  return {
    name,
    words: `list, separated by commas: ${item.words}`,
    schema: {
      ...(item.schema.pattern !== undefined && { pattern: listPattern(item.schema.pattern) }),
      ...(item.schema.numbers && { numbers: item.schema.numbers }),
    },
    ...(item.raw && { raw: item.raw }),
    read(text, options) {
      const { separator = ',' } = options ?? {};
      const items = split(joinLines(text, separator), separator).map((one) => one.trim());
      return readItems(
        item,
        items.filter((one) => one !== ''),
        options,
      );
    },
  };
}

/** A list may go over several lines: breaks beside a separator are blanks, also where it belongs to an item. */
function joinLines(text: string, separator: string): string {
  if (readOneLine(text).ok) return text;
  const onLine = (blanks: string) => (readOneLine(blanks).ok ? blanks : ' ');
  return text
    .split(separator)
    .map((part) => part.replace(/^\s+|\s+$/g, onLine))
    .join(separator);
}

function readItems<T>(
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
