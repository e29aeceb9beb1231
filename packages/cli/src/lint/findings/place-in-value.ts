import type { StackLabel } from '../../stack/stack.js';
import type { Place } from '../../yaml/placed.js';

/**
 * Where a character of a label's value stands; `undefined` where the value is not on one line as it is, or Docker has
 * changed it. `offset` counts characters of the value without the blanks before it.
 */
export function placeInValue(
  { name, value, written, form, place, valuePlace }: StackLabel,
  offset: number,
  lines: readonly string[],
): Place | undefined {
  const at = form === 'list' ? place : valuePlace;
  const line = lines[at.line - 1] ?? '';
  const before = form === 'list' ? `${name}=` : '';
  const isAsWritten = value === written && line.startsWith(`${before}${written}`, at.column - 1);
  if (!isAsWritten || at.endLine !== at.line) return undefined;
  const blanks = value.length - value.trimStart().length;
  const column = Math.min(at.column + before.length + blanks + offset, at.endColumn);
  return { ...at, column };
}
