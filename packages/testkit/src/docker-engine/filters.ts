/** Filters of a request: name → values. */
export type Filters = ReadonlyMap<string, readonly string[]>;

/**
 * Reads `filters`, in both forms that clients send: `{"label":["a"]}` and `{"label":{"a":true}}`.
 * Answers the engine's own complaint when they cannot be read or a name is not allowed here.
 */
export function readFilters(
  text: string | null,
  allowed: readonly string[] | 'any',
): { readonly filters: Filters } | { readonly complaint: string } {
  if (text === null || text === '') return { filters: new Map() };
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { complaint: `invalid filter: ${text}` };
  }
  const filters = new Map<string, readonly string[]>();
  for (const [name, values] of Object.entries((given ?? {}) as Record<string, unknown>)) {
    if (allowed !== 'any' && !allowed.includes(name)) return { complaint: `Invalid filter '${name}'` };
    const list = Array.isArray(values)
      ? values.map(String)
      : Object.entries((values ?? {}) as Record<string, unknown>).flatMap(([key, on]) => (on ? [key] : []));
    if (list.length > 0) filters.set(name, list);
  }
  return { filters };
}

/** Every filter must fit; of several values of one filter one is enough. Filters without a test do not count. */
export function passes(
  filters: Filters,
  tests: Readonly<Record<string, (value: string) => boolean>>,
): boolean {
  for (const [name, values] of filters) {
    const test = tests[name];
    if (test && !values.some(test)) return false;
  }
  return true;
}

/** `key` fits any value, `key=value` that one. */
export function labelFits(
  labels: Readonly<Record<string, string>> | null | undefined,
  filter: string,
): boolean {
  const equals = filter.indexOf('=');
  const key = equals < 0 ? filter : filter.slice(0, equals);
  if (!labels || !Object.hasOwn(labels, key)) return false;
  return equals < 0 || labels[key] === filter.slice(equals + 1);
}
