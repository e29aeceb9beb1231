import { createSemaphore } from '@docker-flow/daemon/concurrency/semaphore';
import type { TargetPlan } from '../core/autoscaling/labels/plan-of-labels.js';
import type { Results } from '../core/autoscaling/look/observe.js';
import { byLabel, type QueryResult } from '../core/autoscaling/look/query-result.js';
import type { MetricsServer } from '../ports.js';

/** So many queries run at the same time: Prometheus has other work, too. */
const AT_ONCE = 8;

/** Asks each expression of all plans once. What is not answered by the end of the time has failed. */
export async function askMetrics(
  plans: Iterable<TargetPlan>,
  server: MetricsServer | undefined,
  timeoutMs: number,
  nowMs: () => number,
): Promise<Results & { readonly queries: number; readonly failures: readonly string[] }> {
  const expressions = new Set<string>();
  for (const { sources } of plans) for (const { query } of sources) expressions.add(query.expression);
  const deadlineMs = nowMs() + timeoutMs;
  const places = createSemaphore(AT_ONCE);
  const answers = await Promise.all(
    [...expressions].map((expression) =>
      places.run(async (): Promise<readonly [string, QueryResult]> => {
        const leftMs = Math.min(timeoutMs, deadlineMs - nowMs());
        if (!server) return [expression, { ok: false, reason: 'PROMETHEUS_URL is not set' }];
        if (leftMs <= 0)
          return [expression, { ok: false, reason: 'there was no time left to ask Prometheus' }];
        return [expression, await server.query(expression, leftMs)];
      }),
    ),
  );
  const results = new Map(answers);
  const batches = new Map<string, ReadonlyMap<string, string>>();
  return {
    queries: expressions.size,
    failures: answers.flatMap(([, result]) => (result.ok ? [] : result.reason)),
    result: (expression) => results.get(expression),
    batch(expression, label) {
      const result = results.get(expression);
      if (!result?.ok) return undefined;
      const known = batches.get(expression) ?? byLabel(result, label);
      batches.set(expression, known);
      return known;
    },
  };
}
