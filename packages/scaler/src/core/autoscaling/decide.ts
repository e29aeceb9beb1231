import { limitRate, type Bounds, type LimitedBy } from './limit-rate.js';
import { EVENTS_KEPT_SECONDS, youngerThan, type Memory, type Recommendation } from './memory.js';
import type { MetricOutcome } from './metrics/outcome.js';
import { propose } from './metrics/propose.js';
import { readMetrics, type Reading } from './metrics/read-metrics.js';
import type { Observation } from './observation.js';
import type { Direction, Policy, Schedule } from './policy/policy.js';
import { isOpen } from './schedule/cron-window.js';
import { stabilize } from './stabilize.js';

export type Reason =
  | 'notScalable'
  | 'paused'
  | 'pausedAt'
  | 'disabledAtZero'
  | 'inactive'
  | 'pausedUp'
  | 'activated'
  | 'deactivated'
  | 'aboveMax'
  | 'belowMin'
  | 'metricsFailed'
  | 'scaleUp'
  | 'scaleDown'
  | 'steady'
  | 'held';

/** What is decided at one look, and why. */
export interface Decision {
  /** The count to write; the present one when nothing is to be written. */
  readonly desired: number;
  readonly reason: Reason;
  /** What the count was cut by, when metrics decided. */
  readonly limitedBy: LimitedBy | null;
  /** The direction that a stabilization window held back, when metrics decided. */
  readonly stabilized: 'up' | 'down' | null;
  /** What the metrics asked for, before windows, rates and bounds. */
  readonly proposal: number | null;
  /** The bounds of the moment, open schedules included. */
  readonly bounds: Bounds;
  readonly metrics: readonly MetricOutcome[];
  /** To be kept until the next look; after a write, what `afterWrite` makes of it. */
  readonly memory: Memory;
}

/** The reasons whose changes use up the periods of the rate policies. */
const EVENT_REASONS: ReadonlySet<Reason> = new Set(['aboveMax', 'belowMin', 'scaleUp', 'scaleDown']);

/**
 * Decides the count of a service at one look, as the HPA v2 of Kubernetes and KEDA would, with the differences that the
 * package's README names. Pure: the same policy, memory and observation give the same decision.
 */
export function decide(policy: Policy, memory: Memory, observation: Observation): Decision {
  const { current, at } = observation;
  const known: Memory = { ...memory, createdAt: memory.createdAt ?? at };
  const openNow = policy.schedules.filter(({ window }) => isOpen(window, at));
  const bounds = boundsOf(policy, openNow);
  const stay = (reason: Reason, kept: Memory, metrics: readonly MetricOutcome[] = []): Decision =>
    decision(current, reason, { bounds, metrics, memory: kept });

  if ((observation.mode ?? 'replicated') !== 'replicated') return stay('notScalable', known);
  if (observation.paused === true || observation.pausedReplicas !== undefined) {
    const forgotten: Memory = { ...known, recommendations: undefined, ups: [], downs: [] };
    const { pausedReplicas } = observation;
    return pausedReplicas === undefined
      ? stay('paused', forgotten)
      : unlessRollout(
          observation,
          decision(pausedReplicas, 'pausedAt', { bounds, metrics: [], memory: forgotten }),
        );
  }

  const looked: Memory = {
    ...known,
    recommendations: known.recommendations ?? [{ at, desired: current }],
    zeroByUs: known.zeroByUs && current === 0,
  };
  const reading = readMetrics(policy, looked, observation);
  const active = isActive(policy, observation, openNow, reading);
  const read: Memory = {
    ...looked,
    failures: reading.failures,
    lastActiveAt: active ? at : looked.lastActiveAt,
  };
  const look: Look = { policy, observation, bounds, reading, memory: read, isActive: active };
  return unlessRollout(observation, decideAwakeOrAsleep(look));
}

/** What is kept once the decision was written; a decision that changes nothing needs no write. */
export function afterWrite({ memory, desired, reason }: Decision, current: number, at: number): Memory {
  if (desired === current) return memory;
  const zeroByUs = desired === 0;
  if (!EVENT_REASONS.has(reason)) return { ...memory, zeroByUs };
  const event = { at, change: Math.abs(desired - current) };
  return desired > current
    ? { ...memory, zeroByUs, ups: [...memory.ups, event] }
    : { ...memory, zeroByUs, downs: [...memory.downs, event] };
}

/** Everything that is known at one look. */
interface Look {
  readonly policy: Policy;
  readonly observation: Observation;
  readonly bounds: Bounds;
  readonly reading: Reading;
  readonly memory: Memory;
  readonly isActive: boolean;
}

function decideAwakeOrAsleep(look: Look): Decision {
  const { policy, observation, bounds, reading, memory } = look;
  const { current } = observation;
  const to = (desired: number, reason: Reason) =>
    decision(desired, reason, { bounds, metrics: reading.outcomes, memory });

  if (current === 0 && !memory.zeroByUs && policy.zero?.wake !== 'always') return to(0, 'disabledAtZero');
  if (current === 0 && policy.zero) {
    if (!look.isActive) return to(0, reading.hasFailedServiceMetric ? 'metricsFailed' : 'inactive');
    return observation.pauseUp === true ? to(0, 'pausedUp') : to(Math.max(1, bounds.min), 'activated');
  }
  if (mayFallAsleep(look)) return to(0, 'deactivated');
  if (current > bounds.max) return to(bounds.max, 'aboveMax');
  if (current < bounds.min) return to(bounds.min, 'belowMin');
  const proposal = propose(reading.outcomes, current);
  return proposal === undefined ? to(current, 'metricsFailed') : decideByMetrics(look, proposal);
}

function decideByMetrics({ policy, observation, bounds, reading, memory }: Look, proposal: number): Decision {
  const { current, at } = observation;
  const earlier = memory.recommendations ?? [];
  const { wanted, stabilized } = stabilize(proposal, current, earlier, policy, at);
  const directions = {
    up: disabledIf(observation.pauseUp === true, policy.up),
    down: disabledIf(observation.pauseDown === true, policy.down),
  };
  const { desired, limitedBy } = limitRate(wanted, current, bounds, directions, memory, at);
  return {
    desired,
    reason: desired > current ? 'scaleUp' : desired < current ? 'scaleDown' : 'steady',
    limitedBy,
    stabilized,
    proposal,
    bounds,
    metrics: reading.outcomes,
    memory: {
      ...memory,
      recommendations: recent([...earlier, { at, desired: proposal }], policy, at),
      ups: youngerThan(memory.ups, EVENTS_KEPT_SECONDS, at),
      downs: youngerThan(memory.downs, EVENTS_KEPT_SECONDS, at),
    },
  };
}

/** The bounds of the moment: the lowest maximum, the highest minimum below it, and at least 1 while awake. */
function boundsOf({ min, max, zero }: Policy, openNow: readonly Schedule[]): Bounds {
  const upper = Math.min(max, ...openNow.flatMap((schedule) => schedule.max ?? []));
  const floors = [min, zero ? 1 : 0, ...openNow.flatMap((schedule) => schedule.min ?? [])];
  return { max: upper, min: Math.min(upper, Math.max(...floors)) };
}

/** `getScaledObjectState` of KEDA: only numbers of the service, schedules and force can wake and keep awake. */
function isActive(
  policy: Policy,
  { forceActive }: Observation,
  openNow: readonly Schedule[],
  reading: Reading,
): boolean {
  const hasFloor = ({ min = 0 }: Schedule) => min > 0;
  const cannotWake = !policy.metrics.some(({ per }) => per === 'service') && !policy.schedules.some(hasFloor);
  return forceActive === true || openNow.some(hasFloor) || reading.isActive || cannotWake;
}

/** Not while a metric of the service fails: its last word may have been that there is load. */
function mayFallAsleep({ policy: { zero }, observation, reading, memory, isActive: active }: Look): boolean {
  if (!zero || active || reading.hasFailedServiceMetric || observation.pauseDown === true) return false;
  const { at } = observation;
  return memory.lastActiveAt === undefined
    ? at - (memory.createdAt ?? at) >= zero.initialCooldownSeconds
    : at - memory.lastActiveAt >= zero.cooldownSeconds;
}

/**
 * While an update of the service rolls no task is taken away; while Swarm may roll it back, or it is halted, no count is
 * written at all, since each write of a spec replaces the one to roll back to.
 */
function unlessRollout({ update = 'none', current }: Observation, decided: Decision): Decision {
  const isHeld =
    decided.desired !== current &&
    (update === 'guarded' || update === 'halted' || (update === 'rolling' && decided.desired < current));
  return isHeld ? { ...decided, desired: current, reason: 'held' } : decided;
}

function disabledIf(isPaused: boolean, direction: Direction): Direction {
  return isPaused ? { ...direction, select: 'disabled' } : direction;
}

/** Those that a window can still see. */
function recent(
  entries: readonly Recommendation[],
  { up, down }: Policy,
  now: number,
): readonly Recommendation[] {
  const longest = Math.max(up.stabilizationSeconds, down.stabilizationSeconds);
  return youngerThan(entries, longest, now);
}

function decision(
  desired: number,
  reason: Reason,
  rest: Pick<Decision, 'bounds' | 'metrics' | 'memory'>,
): Decision {
  return { desired, reason, limitedBy: null, stabilized: null, proposal: null, ...rest };
}
