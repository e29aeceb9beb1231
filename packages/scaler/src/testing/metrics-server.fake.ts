import type { QueryResult } from '../core/autoscaling/look/query-result.js';
import type { MetricsServer } from '../ports.js';

export interface FakeMetricsServer extends MetricsServer {
  /** The number of series that an expression yields, by part of its text; what fits none has no result. */
  readonly results: Map<string, QueryResult>;
  readonly queries: string[];
}

/** A Prometheus in memory: expressions have the results that a test has put there. */
export function createFakeMetricsServer(): FakeMetricsServer {
  const results = new Map<string, QueryResult>();
  const queries: string[] = [];
  return {
    address: 'http://fake:9090',
    results,
    queries,
    async query(expression) {
      queries.push(expression);
      await Promise.resolve();
      const found = [...results].find(([part]) => expression.includes(part));
      return found?.[1] ?? { ok: true, series: [] };
    },
  };
}

/** Series with one metric label each. */
export function seriesOf(label: string, values: Readonly<Record<string, number | string>>): QueryResult {
  return {
    ok: true,
    series: Object.entries(values).map(([key, value]) => ({
      labels: { [label]: key },
      value: String(value),
    })),
  };
}

/** One number. */
export function numberOf(value: number | string): QueryResult {
  return { ok: true, series: [{ labels: {}, value: String(value) }] };
}
