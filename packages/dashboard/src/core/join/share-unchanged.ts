import { sameJson } from '../changes/same-json.js';

export interface Shared<T> {
  /** What is there now; values that say the same as before are the ones from before. */
  readonly values: ReadonlyMap<string, T>;
  /** Keys that are new, gone, or have another value. */
  readonly changed: readonly string[];
}

/**
 * Compares two readings of one source, and keeps what has not changed: a reading of everything comes each second or two,
 * and what it says anew again and again would fill the memory until it is collected.
 */
export function shareUnchanged<T>(
  before: ReadonlyMap<string, T> | undefined,
  after: ReadonlyMap<string, T>,
): Shared<T> {
  const changed: string[] = [];
  const values = new Map<string, T>();
  for (const [key, value] of after) {
    const last = before?.get(key);
    const isSame = last !== undefined && sameJson(last, value);
    values.set(key, isSame ? last : value);
    if (!isSame) changed.push(key);
  }
  for (const key of before?.keys() ?? []) if (!after.has(key)) changed.push(key);
  return { values, changed };
}
