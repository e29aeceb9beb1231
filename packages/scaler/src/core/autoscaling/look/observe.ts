import type { MetricSource } from '../labels/metric-source.js';
import type { TargetPlan } from '../labels/plan-of-labels.js';
import type { Observation, Scalar, Task } from '../observation.js';
import type { QueryResult } from './query-result.js';

/** What Docker says of a service that is scaled on a target. */
export interface ObservedService {
  /** Its names in metric labels: the one of Docker, and the short one that swarm-listener announces. */
  readonly names: readonly string[];
  readonly replicas: number;
  readonly mode: string;
  readonly updateState: string | undefined;
  readonly failureAction: string | undefined;
  readonly paused: boolean;
}

/** What Docker says of one of its tasks. */
export interface ObservedTask {
  readonly id: string;
  readonly state: string;
  readonly desiredState: string;
  readonly createdAtMs: number | undefined;
  readonly stateAtMs: number | undefined;
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  readonly addresses: readonly string[];
}

/** The results of one look, by expression, and those of batches by their key. */
export interface Results {
  result(expression: string): QueryResult | undefined;
  batch(expression: string, label: string): ReadonlyMap<string, string> | undefined;
}

const GONE = new Set(['shutdown', 'remove', 'complete', 'completed']);
const FAILED = new Set(['failed', 'rejected', 'orphaned', 'complete', 'shutdown', 'remove']);

/** Everything that is known about a service at one look, in the words of the decision. */
export function observe(
  { policy, sources, pausedReplicas }: TargetPlan,
  service: ObservedService,
  tasks: readonly ObservedTask[],
  results: Results,
  atMs: number,
): Observation {
  const read = sources.map((source) => ({ source, ...readSource(source, service, tasks, results) }));
  const scalar: Record<string, Scalar> = {};
  for (const { source, whole } of read) if (whole !== undefined) scalar[source.metric] = whole;
  return {
    at: atMs / 1_000,
    current: service.replicas,
    mode: service.mode,
    update: updateOf(service),
    scalar,
    tasks: tasks.map((task): Task => {
      const state = taskState(task);
      const age = ageSeconds(task.createdAtMs, atMs);
      return {
        id: task.id,
        state,
        ready: state === 'running',
        startedSecondsAgo: age,
        readyChangedSecondsAgo: state === 'running' ? ageSeconds(task.stateAtMs, atMs) : age,
        request: Object.fromEntries(
          policy.metrics.flatMap(({ name, resource }) => {
            if (resource === undefined) return [];
            return [[name, resource === 'cpu' ? task.nanoCpus / 1e9 : task.memoryBytes]];
          }),
        ),
        samples: Object.fromEntries(
          read.flatMap(({ source, samples }) => {
            const sample = samples?.get(task.id);
            return sample === undefined ? [] : [[source.metric, numberOr(sample)]];
          }),
        ),
      };
    }),
    ...(service.paused ? (pausedReplicas === undefined ? { paused: true } : { pausedReplicas }) : {}),
  };
}

/** `guarded` may be rolled back by Swarm, so that its spec must stay; `halted` waits for somebody. */
export function updateOf({
  updateState,
  failureAction,
}: Pick<ObservedService, 'updateState' | 'failureAction'>): NonNullable<Observation['update']> {
  switch (updateState) {
    case 'updating':
      return failureAction === 'rollback' ? 'guarded' : 'rolling';
    case 'rollback_started':
      return 'guarded';
    case 'paused':
    case 'rollback_paused':
      return 'halted';
    default:
      return 'none';
  }
}

function taskState({ state, desiredState }: ObservedTask): NonNullable<Task['state']> {
  if (GONE.has(desiredState)) return 'removed';
  if (FAILED.has(state)) return 'failed';
  return state === 'running' && desiredState !== 'ready' ? 'running' : 'pending';
}

/** Workers' clocks differ from ours. */
function ageSeconds(sinceMs: number | undefined, atMs: number): number | null {
  return sinceMs === undefined ? null : Math.max(0, (atMs - sinceMs) / 1_000);
}

interface SourceReading {
  /** Of a metric of the service: its number or text, `null` for nothing; of one of tasks: `error` when it failed. */
  readonly whole?: Scalar;
  /** By task. */
  readonly samples?: ReadonlyMap<string, string>;
}

function readSource(
  { query }: MetricSource,
  { names }: ObservedService,
  tasks: readonly ObservedTask[],
  results: Results,
): SourceReading {
  const result = results.result(query.expression);
  if (!result?.ok) return { whole: 'error' };
  if (query.kind === 'batch') {
    const values = results.batch(query.expression, query.label) ?? new Map<string, string>();
    if (query.by === 'task') return { samples: values };
    const found = names.flatMap((name) => values.get(name) ?? [])[0];
    return { whole: found === undefined ? null : numberOr(found) };
  }
  if (query.per === 'task') return samplesOf(result, tasks);
  if (result.series.length > 1) return { whole: 'error' };
  const [only] = result.series;
  return { whole: only === undefined ? null : numberOr(only.value) };
}

/** Series belong to the task whose id is in any of their labels, or whose address is in `instance`. */
function samplesOf(result: QueryResult & { ok: true }, tasks: readonly ObservedTask[]): SourceReading {
  const ids = new Set(tasks.map(({ id }) => id));
  const byAddress = new Map(tasks.flatMap(({ id, addresses }) => addresses.map((address) => [address, id])));
  const samples = new Map<string, string>();
  for (const { labels, value } of result.series) {
    const id =
      Object.values(labels).find((text) => ids.has(text)) ??
      byAddress.get((labels['instance'] ?? '').replace(/:[0-9]+$/, '').replace(/^\[|\]$/g, ''));
    if (id === undefined) continue;
    if (samples.has(id)) return { whole: 'error' };
    samples.set(id, value);
  }
  return { samples };
}

function numberOr(text: string): Scalar {
  const number = text === '' ? NaN : Number(text);
  return Number.isFinite(number) ? number : text;
}
