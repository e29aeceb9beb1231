import { ceil, floor, isWithin } from '../numbers.js';
import type { Task } from '../observation.js';
import type { Metric } from '../policy/policy.js';
import type { BothTolerances, Computed } from './outcome.js';
import type { TaskGroups } from './task-groups.js';

/** A task that is counted or filled in. */
interface Entry {
  readonly sample: number;
  readonly task: Task;
}

/**
 * The proposal of a metric that each task has a sample of: `calcPlainMetricReplicas` and `GetResourceReplicas` of
 * Kubernetes. Missing samples are filled in so that they can only make a change smaller; tasks that are not ready
 * count as idle on the way up and not at all on the way down.
 */
export function computeTaskMetric(
  metric: Metric,
  groups: TaskGroups,
  current: number,
  tolerances: BothTolerances,
): Computed {
  const { counted, missing, unready } = groups;
  if (counted.length === 0) return { failed: 'no task has a sample' };
  if (metric.type === 'utilization') {
    const without = [...counted.map(({ task }) => task), ...missing, ...unready].find(
      (task) => !(requestOf(task, metric.name) > 0),
    );
    if (without) return { failed: `task ${without.id} has no reservation` };
  }
  const value = valueOf(counted, metric);
  const ratio = value / metric.target;
  if (!Number.isFinite(ratio)) return { failed: 'the samples are no finite numbers' };
  if (missing.length === 0 && (unready.length === 0 || ratio <= 1))
    return { value, proposal: isWithin(ratio, tolerances) ? current : whole(ratio * counted.length) };
  const entries = [...counted, ...filledIn(missing, unready, ratio, metric)];
  const adjusted = valueOf(entries, metric) / metric.target;
  const turned = (adjusted < 1 && ratio > 1) || (adjusted > 1 && ratio < 1);
  if (isWithin(adjusted, tolerances) || turned) return { value, proposal: current };
  const proposal = whole(adjusted * entries.length);
  const isWrongSide = (adjusted < 1 && proposal > current) || (adjusted > 1 && proposal < current);
  return { value, proposal: isWrongSide ? current : proposal };
}

function filledIn(
  missing: readonly Task[],
  unready: readonly Task[],
  ratio: number,
  metric: Metric,
): readonly Entry[] {
  if (ratio < 1) return missing.map((task) => ({ task, sample: assumedBusy(task, metric) }));
  if (ratio > 1) return [...missing, ...unready].map((task) => ({ task, sample: 0 }));
  return [];
}

/** What a task without a sample is taken to use on the way down: its target, or all it has reserved. */
function assumedBusy(task: Task, metric: Metric): number {
  return metric.type === 'utilization'
    ? (requestOf(task, metric.name) * Math.max(100, metric.target)) / 100
    : metric.target;
}

/** The mean sample, or the whole percentage of the reservations that is used. */
function valueOf(entries: readonly Entry[], metric: Metric): number {
  const used = sum(entries.map(({ sample }) => sample));
  if (metric.type !== 'utilization') return used / entries.length;
  return floor((100 * used) / sum(entries.map(({ task }) => requestOf(task, metric.name))));
}

function requestOf({ request }: Task, metric: string): number {
  return (typeof request === 'number' ? request : request?.[metric]) ?? 0;
}

function whole(count: number): number {
  return Math.max(0, ceil(count));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
