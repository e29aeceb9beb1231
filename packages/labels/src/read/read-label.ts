import type { Label } from '../catalogue/label.js';
import type { LabelType, ReadOptions } from '../catalogue/types/label-type.js';
import { withoutQuotes } from '../values/quotes.js';
import { parsed, unreadable, type Issue, type Parsed, type Unreadable } from '../values/parsed.js';

/**
 * The value of one label from its text, by the rules of the catalogue; `undefined` where the text counts
 * as none. `type` is another type than the label's own, of its {@link Label.variant}.
 */
export function readLabel<T>(
  label: Label<T>,
  text: string,
  options: ReadOptions & { readonly type?: LabelType<T> } = {},
): Parsed<T | undefined> {
  const { emptyIsAbsent, unquote, trim } = label.rules;
  const value = trim ? text.trim() : text;
  const inner = unquote ? withoutQuotes(value) : undefined;
  if (inner !== undefined) return readUnquoted(label, inner, options);
  if (emptyIsAbsent && value === '') return parsed(undefined);
  return (options.type ?? label.type).read(value, options);
}

/** Quotes in the list form of a stack file are part of the value, and nobody means them. */
function readUnquoted<T>(
  label: Label<T>,
  inner: string,
  options: Parameters<typeof readLabel<T>>[2],
): Parsed<T | undefined> {
  const result = readLabel({ ...label, rules: { ...label.rules, unquote: false } }, inner, options);
  if (!result.ok) return result;
  return {
    ...unreadable('is within quotes, which are left out', 'the value without them'),
    kind: 'quoted',
    instead: { value: result.value },
  };
}

interface About {
  readonly service: string;
  /** Name of the label as it was given, with its index. */
  readonly key: string;
  readonly text: string;
}

/** What the owner of a label is told that could not be read. */
export function labelIssue(
  { secret }: Label,
  { service, key, text }: About,
  { problem, expected, kind, suggestion }: Pick<Unreadable, 'problem' | 'expected' | 'kind' | 'suggestion'>,
): Issue {
  return {
    service,
    label: key,
    value: secret ? '' : text,
    problem,
    expected,
    ...(suggestion !== undefined && !secret && { suggestion }),
    ...(kind && { kind }),
  };
}

/** The value of one label for a program that tells nobody: what counts in place of what cannot be read. */
export function labelValue<T>(label: Label<T>, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  const result = readLabel(label, text);
  return result.ok ? result.value : result.instead?.value;
}
