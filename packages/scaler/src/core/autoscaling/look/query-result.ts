/** One series of an instant query. */
export interface SeriesValue {
  readonly labels: Readonly<Record<string, string>>;
  /** As Prometheus writes it: a number, `NaN`, `+Inf` or `-Inf`. */
  readonly value: string;
}

/** What came of one expression, or why nothing did. */
export type QueryResult =
  | { readonly ok: true; readonly series: readonly SeriesValue[] }
  | { readonly ok: false; readonly reason: string };

/** Values of a batch by the metric label that joins them; one that is there twice is no value. */
export function byLabel({ series }: QueryResult & { ok: true }, label: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { labels, value } of series) {
    const key = labels[label];
    if (key === undefined) continue;
    values.set(key, values.has(key) ? 'twice' : value);
  }
  return values;
}
