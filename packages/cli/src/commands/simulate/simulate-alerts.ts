import type { ScalingPlan } from '../../programs/scaler.js';
import type { TraceStep } from './read-trace.js';
import type { SimulatedStep } from './simulate-trace.js';

/** What alerts would have done with a service that has no target: a step for each row that says `up` or `down`. */
export function simulateAlerts(
  plan: ScalingPlan,
  steps: readonly TraceStep[],
  { follow }: { readonly follow: boolean },
): readonly SimulatedStep[] {
  let count: number | undefined;
  let changedAt = -Infinity;
  return steps.map(({ at, current: recorded, scale }) => {
    const current: number =
      (follow && count !== undefined ? undefined : recorded) ?? count ?? Math.max(1, plan.min);
    const desired = scale === undefined ? current : afterStep(plan, current, scale, at - changedAt);
    if (desired !== current) changedAt = at;
    count = desired;
    const reason = desired > current ? 'scaleUp' : desired < current ? 'scaleDown' : 'steady';
    return { at, current, desired, reason, limitedBy: null, stabilized: null, proposal: null, metrics: [] };
  });
}

function afterStep(plan: ScalingPlan, current: number, scale: 'up' | 'down', sinceChange: number): number {
  if (sinceChange < (scale === 'up' ? plan.upCooldown : plan.downCooldown)) return current;
  const size = sizeOf(scale === 'up' ? plan.upBy : plan.downBy, current);
  const wanted = Math.min(plan.max, Math.max(plan.min, scale === 'up' ? current + size : current - size));
  return scale === 'up' ? Math.max(current, wanted) : Math.min(current, wanted);
}

/** `2` or `50%`. */
function sizeOf(step: string, current: number): number {
  const size = Number(step.replace('%', ''));
  return step.endsWith('%') ? Math.max(1, Math.ceil((current * size) / 100)) : size;
}
