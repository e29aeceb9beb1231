import type { Step } from '@docker-flow/labels';
import type { CountPolicy } from './scale-policy.js';
import type { Direction, ScaleRequest } from './scale-request.js';

/** What becomes of a count: another one, the same because of a bound, or the same because it is what was asked for. */
export type CountChange =
  | {
      readonly kind: 'change';
      readonly direction: Direction;
      readonly from: number;
      readonly to: number;
      /** The bound that cut the step or target, if one did. */
      readonly pinnedBy: 'min' | 'max' | undefined;
    }
  | { readonly kind: 'at-bound'; readonly direction: Direction; readonly bound: 'min' | 'max' }
  | { readonly kind: 'same' };

/** The size of a step from a present count: a percentage is rounded away from zero and is at least 1. */
export function stepSize(step: Step, current: number): number {
  if (step.unit === 'count') return step.size;
  return Math.max(1, Math.ceil((current * step.size) / 100));
}

/**
 * The count after a request: raised to the minimum, then lowered to the maximum, so the maximum wins.
 * Up never lowers and down never raises; a bound on the wrong side counts as reached.
 */
export function changeCount(current: number, request: ScaleRequest, policy: CountPolicy): CountChange {
  const move = resolveRequest(current, request, policy);
  if (move === undefined) return { kind: 'same' };
  const { direction, wanted } = move;
  const bounded = Math.min(policy.max.value, Math.max(policy.min.value, Math.max(0, wanted)));
  const right = direction === 'up' ? bounded > current : bounded < current;
  if (!right) return { kind: 'at-bound', direction, bound: direction === 'up' ? 'max' : 'min' };
  const pinnedBy = bounded === wanted ? undefined : bounded === policy.max.value ? 'max' : 'min';
  return { kind: 'change', direction, from: current, to: bounded, pinnedBy };
}

function resolveRequest(
  current: number,
  request: ScaleRequest,
  policy: CountPolicy,
): { readonly direction: Direction; readonly wanted: number } | undefined {
  if (request.kind === 'target') {
    if (request.count === current) return undefined;
    return { direction: request.count > current ? 'up' : 'down', wanted: request.count };
  }
  const { direction } = request;
  const step = request.by ?? (direction === 'up' ? policy.upBy : policy.downBy).value;
  const size = stepSize(step, current);
  return { direction, wanted: direction === 'up' ? current + size : current - size };
}
