import type { DashboardQuery } from './dashboard-queries.js';

/** One series of an instant query. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
}

/** What a running Prometheus is asked about a dashboard. */
export interface RunningPrometheus {
  /** @throws {Error} when Prometheus refuses the query */
  query(query: string): Promise<readonly Series[]>;
  metricNames(): Promise<ReadonlySet<string>>;
}

/** Prefixes of the metrics that our programs and their neighbours have. */
const METRIC =
  /\b((?:haproxy|docker_flow|swarm_listener|prometheus|alertmanager|http_server|process|scrape|container)_[a-z0-9_]+|up|ALERTS)\b(?=[{[\s)]|$)/g;

/** Names of the metrics in a query. */
export function metricsOf(query: string): readonly string[] {
  const withoutMatchers = query.replaceAll(/\{[^}]*\}/g, '{}');
  return [...new Set([...withoutMatchers.matchAll(METRIC)].map(([, name = '']) => name))];
}

/** Metric labels that the legend of a panel shows. */
function labelsOfLegend(legend: string): readonly string[] {
  return [...legend.matchAll(/\{\{\s*([a-zA-Z_]+)\s*\}\}/g)].map(([, name = '']) => name);
}

/**
 * What is wrong with the queries of a dashboard: refused ones, metrics that Prometheus has never seen (but for
 * those that `isExcused`), and legends that name a label which the answer does not have.
 */
export async function problemsOf(
  queries: readonly DashboardQuery[],
  prometheus: RunningPrometheus,
  isExcused: (metric: string) => boolean,
): Promise<readonly string[]> {
  const known = await prometheus.metricNames();
  const problems: string[] = [];
  for (const { panel, query, legend } of queries) {
    const unknown = metricsOf(query).filter((name) => !known.has(name) && !isExcused(name));
    for (const name of unknown) problems.push(`${panel}: there is no metric ${name}`);
    try {
      const [first] = await prometheus.query(query);
      const missing = labelsOfLegend(legend).filter((label) => first && !(label in first.metric));
      if (missing.length > 0) problems.push(`${panel}: ${query} has no metric label ${missing.join(', ')}`);
    } catch (error) {
      problems.push(`${panel}: ${query}: ${String(error)}`);
    }
  }
  return problems;
}
