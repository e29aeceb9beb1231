import { ceil, isWithin } from '../numbers.js';
import type { Observation, Scalar } from '../observation.js';
import type { BothTolerances, Computed } from './outcome.js';

/** A target that one number of the whole service is compared with. */
export interface ServiceTarget {
  readonly type: 'averageValue' | 'value' | 'utilization';
  readonly target: number;
}

/** The number of a query's result, or why there is none. */
export function readScalar(
  scalar: Scalar | undefined,
  empty: 'error' | 'zero',
): { readonly value: number } | { readonly failed: string } {
  if (typeof scalar === 'number' && Number.isFinite(scalar)) return { value: scalar };
  if (scalar === 'error') return { failed: 'its query failed' };
  if (empty === 'zero') return { value: 0 };
  const isNothing = scalar === undefined || scalar === null;
  return { failed: isNothing ? 'its query has no result' : `its query yields ${scalar}` };
}

/** `GetExternalMetricReplicas` and `GetExternalPerPodMetricReplicas` of Kubernetes. */
export function computeServiceMetric(
  value: number,
  { type, target }: ServiceTarget,
  { current, ready }: { readonly current: number; readonly ready: number },
  tolerances: BothTolerances,
): Computed {
  const whole = (count: number): Computed =>
    Number.isFinite(count)
      ? { value, proposal: Math.max(0, ceil(count)) }
      : { value, failed: 'its value is too large' };
  if (current === 0) return whole(value / target);
  const ratio = type === 'averageValue' ? value / (target * current) : value / target;
  if (isWithin(ratio, tolerances)) return { value, proposal: current };
  if (type === 'averageValue') return whole(value / target);
  if (ready === 0) return { value, failed: 'no task is ready' };
  return whole(ratio * ready);
}

/** How many tasks run and are ready. */
export function readyCount({ tasks, ready, current }: Observation): number {
  if (tasks === undefined) return ready ?? current;
  return tasks.filter((task) => (task.state ?? 'running') === 'running' && task.ready === true).length;
}
