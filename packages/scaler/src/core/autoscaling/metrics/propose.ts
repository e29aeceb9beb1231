import type { MetricOutcome } from './outcome.js';

/**
 * The largest proposal of all metrics; `undefined` when nothing is decided: all have failed, or one has and the others
 * would lower the count. So a failure blocks decreases and never increases. Without metrics the proposal is 0.
 */
export function propose(outcomes: readonly MetricOutcome[], current: number): number | undefined {
  if (outcomes.length === 0) return 0;
  const proposals = outcomes.flatMap(({ proposal }) => proposal ?? []);
  if (proposals.length === 0) return undefined;
  const largest = Math.max(...proposals);
  const hasFailed = proposals.length < outcomes.length;
  return hasFailed && largest < current ? undefined : largest;
}
