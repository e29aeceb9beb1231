import { createHttpClient } from '@docker-flow/daemon/http/client';
import { messageOf } from '@docker-flow/daemon/errors';
import { readDuration } from '@docker-flow/labels';
import type { MetricSource } from '@docker-flow/scaler/core/autoscaling/labels/metric-source';
import { z } from 'zod/v3';
import { CannotRunError } from '../../exit-status.js';
import { readTime, type TraceMetrics, type TraceStep } from './read-trace.js';

export interface PrometheusTraceOptions extends TraceMetrics {
  readonly url: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly step: string;
  readonly sources: readonly MetricSource[];
  readonly names: readonly string[];
  readonly nowSeconds: number;
}

const TIMEOUT_MS = 60_000;
const LONGEST_ANSWER_BYTES = 256 * 1024 * 1024;
/** Prometheus gives at most 11,000 points of a series. */
const MOST_STEPS = 10_000;

const Answer = z.object({
  status: z.string(),
  error: z.string().optional(),
  data: z
    .object({
      result: z.array(
        z.object({ metric: z.record(z.string()), values: z.array(z.tuple([z.number(), z.string()])) }),
      ),
    })
    .optional(),
});

type Series = NonNullable<z.infer<typeof Answer>['data']>['result'];

/** Reads what the queries of a policy would have yielded in the past. @throws {CannotRunError} */
export async function prometheusTrace(options: PrometheusTraceOptions): Promise<readonly TraceStep[]> {
  const { sources, names, metrics, requests } = options;
  const from = readTime(options.from ?? '');
  const to = options.to === undefined ? options.nowSeconds : readTime(options.to);
  const step = readDuration(options.step);
  if (from === undefined || to === undefined || to <= from)
    throw new CannotRunError(
      'simulate: --from and --to are ISO times or seconds since 1970, --to the later one',
    );
  if (!step.ok || step.value < 1_000)
    throw new CannotRunError(`simulate: --step ${options.step} is not a duration of at least 1s`);
  const stepSeconds = step.value / 1_000;
  const count = Math.floor((to - from) / stepSeconds) + 1;
  if (count > MOST_STEPS)
    throw new CannotRunError(`simulate: ${count} steps are more than ${MOST_STEPS}; give a longer --step`);
  const read = await Promise.all(
    sources.map(async (source) => ({
      source,
      series: await queryRange(options.url, expressionFor(source, names), { from, to, stepSeconds }),
    })),
  );
  return Array.from({ length: count }, (_, i): TraceStep => {
    const at = from + i * stepSeconds;
    const scalar: Record<string, number | string | null> = {};
    const samples = new Map<string, Record<string, number | string>>();
    for (const { source, series } of read) {
      const now = series.flatMap(({ metric, values }) => {
        const value = values.find(([time]) => Math.abs(time - at) < stepSeconds / 2)?.[1];
        return value === undefined ? [] : [{ metric, value: numberOr(value) }];
      });
      if (metrics.find(({ name }) => name === source.metric)?.per === 'task')
        for (const { metric, value } of now) {
          const id = JSON.stringify(metric);
          samples.set(id, { ...samples.get(id), [source.metric]: value });
        }
      else scalar[source.metric] = scalarOf(source, now, names);
    }
    const tasks = [...samples].map(([id, of]) => ({
      id,
      ready: true,
      startedSecondsAgo: 86_400,
      request: requests,
      samples: of,
    }));
    return { at, scalar, ...(metrics.some(({ per }) => per === 'task') ? { tasks } : {}) };
  });
}

/** The tasks of the past are known to nobody but cAdvisor, which also knows their service. */
function expressionFor({ query }: MetricSource, [name = '']: readonly string[]): string {
  if (query.kind !== 'batch' || query.by !== 'task') return query.expression;
  return query.expression.replaceAll(
    `${query.label}!=""`,
    `${query.label}!="",container_label_com_docker_swarm_service_name=${JSON.stringify(name)}`,
  );
}

function scalarOf(
  { query }: MetricSource,
  now: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: number | string }[],
  names: readonly string[],
): number | string | null {
  const own =
    query.kind === 'batch' ? now.filter(({ metric }) => names.includes(metric[query.label] ?? '')) : now;
  return own.length > 1 ? 'error' : (own[0]?.value ?? null);
}

async function queryRange(
  url: string,
  query: string,
  { from, to, stepSeconds }: { readonly from: number; readonly to: number; readonly stepSeconds: number },
): Promise<Series> {
  const http = createHttpClient({ timeoutMs: TIMEOUT_MS, maxResponseBytes: LONGEST_ANSWER_BYTES });
  const body = new URLSearchParams({
    query,
    start: String(from),
    end: String(to),
    step: String(stepSeconds),
  });
  try {
    const { body: text } = await http.request({
      method: 'POST',
      url: `${url.replace(/\/+$/, '')}/api/v1/query_range`,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    });
    const answer = Answer.parse(JSON.parse(text));
    if (answer.status !== 'success')
      throw new CannotRunError(`${url}: ${answer.error ?? 'no result'} (${query})`);
    return answer.data?.result ?? [];
  } catch (error) {
    if (error instanceof CannotRunError) throw error;
    throw new CannotRunError(`${url} cannot be asked: ${messageOf(error)}`);
  }
}

function numberOr(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
