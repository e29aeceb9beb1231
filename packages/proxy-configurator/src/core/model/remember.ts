/**
 * Remembers the last answer for each key and gives it again while the other arguments are the same ones, so that a change
 * of one service does not cost what all services cost. Everything that the answer depends on must be an argument.
 */
export function rememberLast<K extends object, A extends readonly unknown[], V>(
  compute: (key: K, ...others: A) => V,
): (key: K, ...others: A) => V {
  const known = new WeakMap<K, { readonly others: A; readonly value: V }>();
  return (key, ...others) => {
    const last = known.get(key);
    if (last && isSameList(last.others, others)) return last.value;
    const value = compute(key, ...others);
    known.set(key, { others, value });
    return value;
  };
}

/** What can be looked up while something is computed. */
export type Lookup<V> = Pick<ReadonlyMap<string, V>, 'get'>;

interface Answer<A, V> {
  readonly others: A;
  readonly value: V;
  readonly reads: readonly (readonly [table: number, key: string, found: unknown])[];
}

/**
 * The same for what also looks things up in tables: the last answer is given again while all that it has read there is
 * the same, whatever else has changed in them.
 */
export function rememberReads<
  K extends object,
  T extends readonly Lookup<unknown>[],
  A extends readonly unknown[],
  V,
>(compute: (key: K, tables: T, ...others: A) => V): (key: K, tables: T, ...others: A) => V {
  const known = new WeakMap<K, Answer<A, V>>();
  return (key, tables, ...others) => {
    const last = known.get(key);
    const isSame =
      last &&
      isSameList(last.others, others) &&
      last.reads.every(([table, name, found]) => tables[table]?.get(name) === found);
    if (isSame) return last.value;
    const reads: [number, string, unknown][] = [];
    const watched = tables.map((table, i) => ({
      get(name: string) {
        const found = table.get(name);
        reads.push([i, name, found]);
        return found;
      },
    }));
    const value = compute(key, watched as unknown as T, ...others);
    known.set(key, { others, value, reads });
    return value;
  };
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
