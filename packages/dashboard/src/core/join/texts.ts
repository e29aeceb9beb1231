/** Finds what differs between two readings of one source. */
export interface Texts {
  /** Keys that are new, gone, or have another value. */
  changedKeys<T>(
    name: string,
    before: ReadonlyMap<string, T> | undefined,
    after: ReadonlyMap<string, T> | undefined,
  ): readonly string[];
}

/** Remembers the JSON of each value, so that each reading is written out once. */
export function createTexts(): Texts {
  const known = new Map<string, Map<string, string>>();
  return {
    changedKeys(name, before, after) {
      const last = known.get(name) ?? new Map<string, string>();
      known.set(name, last);
      const changed: string[] = [];
      for (const [key, value] of after ?? []) {
        const text = JSON.stringify(value);
        if (last.get(key) === text) continue;
        last.set(key, text);
        changed.push(key);
      }
      for (const key of before?.keys() ?? []) {
        if (after?.has(key) === true) continue;
        last.delete(key);
        changed.push(key);
      }
      return changed;
    },
  };
}
