import type { Label } from '../catalogue/label.js';
import type { LabelType } from '../catalogue/types/label-type.js';
import { ANY } from '../catalogue/types/pattern.js';

export type Schema = Readonly<Record<string, unknown>>;

const QUOTED = `"[^"]*"|'[^']*'`;

/** A pattern, with anchors, for the texts that one label takes without an issue, by its type and its program's rules. */
export function labelPattern({ rules }: Label, { schema }: LabelType): string | undefined {
  const { pattern } = schema;
  if (pattern === undefined) return undefined;
  const blanks = rules.trim ? '\\s*' : '';
  const unquoted = rules.unquote && mayHoldQuotes(pattern) ? `(?!${blanks}(?:${QUOTED})${blanks}$)` : '';
  if (pattern === ANY && unquoted === '') return undefined;
  return `^${unquoted}${blanks}(?:${pattern})${rules.emptyIsAbsent ? '?' : ''}${blanks}$`;
}

/** Patterns name what they take, but for classes that say what they do not. */
function mayHoldQuotes(pattern: string): boolean {
  return pattern === ANY || pattern.includes('[^');
}

/**
 * The JSON Schema of one label's value in the mapping form. Docker turns numbers of YAML into text and an
 * absent value into an empty one; it refuses booleans.
 */
export function valueSchema(label: Label): Schema {
  return anyOf(valueOptions(label, label.type));
}

/** What a value may be, by one of the label's types. */
export function valueOptions(label: Label, type: LabelType): readonly Schema[] {
  const pattern = labelPattern(label, type);
  const { choices, numbers } = type.schema;
  const takesEmpty = pattern === undefined || new RegExp(pattern, 'u').test('');
  return [
    ...(choices ? [{ enum: choices }] : []),
    { type: 'string', ...(pattern !== undefined && { pattern }) },
    ...(numbers ? [{ ...numbers }] : []),
    ...(takesEmpty ? [{ type: 'null' }] : []),
  ];
}

/** One schema of several; equal ones count once. */
export function anyOf(schemas: readonly Schema[]): Schema {
  const different = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  const [only] = different;
  return different.length === 1 && only ? only : { anyOf: different };
}
