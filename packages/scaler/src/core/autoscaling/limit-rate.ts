import { youngerThan, type Memory, type ScaleEvent } from './memory.js';
import { ceil, truncate } from './numbers.js';
import type { Direction, Policy, RatePolicy } from './policy/policy.js';

/** What kept a count from going where it was wanted. */
export type LimitedBy = 'max' | 'min' | 'upPolicy' | 'downPolicy';

export interface Limited {
  readonly desired: number;
  readonly limitedBy: LimitedBy | null;
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/**
 * Cuts a wanted count to what the rate policies and the bounds allow at this moment
 * (`convertDesiredReplicasWithBehaviorRate`). Where both would do, the rate policy is named only if it is tighter.
 */
export function limitRate(
  wanted: number,
  current: number,
  bounds: Bounds,
  directions: Pick<Policy, 'up' | 'down'>,
  memory: Pick<Memory, 'ups' | 'downs'>,
  now: number,
): Limited {
  const starts = (periodSeconds: number) =>
    current - changes(memory.ups, periodSeconds, now) + changes(memory.downs, periodSeconds, now);
  if (wanted > current) {
    const limit = Math.max(upLimit(directions.up, current, starts), current);
    const allowed = Math.min(bounds.max, limit);
    if (wanted <= allowed) return { desired: wanted, limitedBy: null };
    return { desired: allowed, limitedBy: limit < bounds.max ? 'upPolicy' : 'max' };
  }
  if (wanted < current) {
    const limit = Math.min(downLimit(directions.down, current, starts), current);
    const allowed = Math.max(bounds.min, limit);
    if (wanted >= allowed) return { desired: wanted, limitedBy: null };
    return { desired: allowed, limitedBy: limit > bounds.min ? 'downPolicy' : 'min' };
  }
  return { desired: wanted, limitedBy: null };
}

/** The count at the beginning of a period: what came since is taken away, what went is added. */
type StartOf = (periodSeconds: number) => number;

function upLimit({ select, policies }: Direction, current: number, startOf: StartOf): number {
  if (select === 'disabled') return current;
  const limits = policies.map((policy) => upBy(policy, startOf(policy.periodSeconds)));
  const limit = select === 'max' ? Math.max(...limits) : Math.min(...limits);
  // A percentage of nothing is nothing: a service at 0 could never leave it.
  return current === 0 ? Math.max(1, limit) : limit;
}

function downLimit({ select, policies }: Direction, current: number, startOf: StartOf): number {
  if (select === 'disabled') return current;
  const limits = policies.map((policy) => downBy(policy, startOf(policy.periodSeconds)));
  return select === 'max' ? Math.min(...limits) : Math.max(...limits);
}

function upBy({ type, value }: RatePolicy, start: number): number {
  return type === 'tasks' ? start + value : ceil(start * (1 + value / 100));
}

function downBy({ type, value }: RatePolicy, start: number): number {
  return type === 'tasks' ? start - value : truncate(start * (1 - value / 100));
}

function changes(events: readonly ScaleEvent[], periodSeconds: number, now: number): number {
  return youngerThan(events, periodSeconds, now).reduce((total, { change }) => total + change, 0);
}
