import { youngerThan, type Recommendation } from './memory.js';
import type { Policy } from './policy/policy.js';

/** What the stabilization windows let through of a proposal. */
export interface Stabilized {
  readonly wanted: number;
  /** The direction that was held back, if any. */
  readonly stabilized: 'up' | 'down' | null;
}

/**
 * Holds a proposal against the earlier ones: the count rises only to what every look of the up window asked for, and
 * falls only to what every look of the down window asked for (`stabilizeRecommendationWithBehaviors`).
 */
export function stabilize(
  proposal: number,
  current: number,
  earlier: readonly Recommendation[],
  { up, down }: Pick<Policy, 'up' | 'down'>,
  now: number,
): Stabilized {
  const within = (seconds: number) => youngerThan(earlier, seconds, now).map(({ desired }) => desired);
  const lower = Math.min(proposal, ...within(up.stabilizationSeconds));
  const upper = Math.max(proposal, ...within(down.stabilizationSeconds));
  const wanted = Math.min(Math.max(current, lower), upper);
  return { wanted, stabilized: wanted === proposal ? null : proposal >= current ? 'up' : 'down' };
}
