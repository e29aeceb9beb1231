import type { SampleAge } from './sample-ages.js';

/** The newest samples of what is asked, as they were once. */
export interface Samples {
  /** When Prometheus was asked. */
  readonly atMs: number;
  readonly ages: readonly SampleAge[];
}

/** Samples come a little later now and then; a look just before them would see them a whole interval later. */
const MARGIN = 0.05;
/** Of the interval; so much may be lost before the looks are moved. */
const WORTH_MOVING = 0.05;
/** Looks are never nearer than that, nor than half an interval. */
const NEAREST_MS = 1_000;

/**
 * When to look next: so that what is seen then is as new as can be, a little after samples have come, and no later than an
 * interval after the last look. Samples are taken to come at equal distances which the interval is a multiple or a part of;
 * where that is not so, or each series has a time of its own, no time is better than another.
 */
export function nextLookAt(lastMs: number, intervalMs: number, samples: Samples | undefined): number {
  const latestMs = lastMs + intervalMs;
  if (samples === undefined || isWellPlaced(lastMs, intervalMs, samples)) return latestMs;
  const best = bestPhase(samples, intervalMs);
  if (best === undefined) return latestMs;
  const aheadMs = modulo(best - lastMs, intervalMs);
  if (aheadMs >= Math.min(NEAREST_MS, intervalMs / 2)) return lastMs + aheadMs;
  // Too near: in two strides, neither of which is longer than the interval.
  return lastMs + (aheadMs + intervalMs) / 2;
}

/** Whether looks at this time of their round see samples about as new as at the best one. */
export function isWellPlaced(lookMs: number, intervalMs: number, samples: Samples): boolean {
  const best = bestPhase(samples, intervalMs);
  if (best === undefined) return false;
  const lost = meanAge(lookMs, samples, intervalMs) - meanAge(best, samples, intervalMs);
  return lost <= WORTH_MOVING * intervalMs;
}

/** The time within an interval at which samples are newest on average, a margin after some of them. */
function bestPhase(samples: Samples, intervalMs: number): number | undefined {
  let best: { readonly phase: number; readonly mean: number } | undefined;
  for (const { ageMs } of samples.ages) {
    const phase = modulo(samples.atMs - ageMs + MARGIN * intervalMs, intervalMs);
    const mean = meanAge(phase, samples, intervalMs);
    if (best === undefined || mean < best.mean) best = { phase, mean };
  }
  return best?.phase;
}

/** Of the samples that come within one interval, at a time of the round. */
function meanAge(phase: number, { atMs, ages }: Samples, intervalMs: number): number {
  let sum = 0;
  let count = 0;
  for (const { ageMs, series } of ages) {
    // What comes within the margin before a look counts as missed.
    sum += series * modulo(phase - (atMs - ageMs) - (MARGIN / 2) * intervalMs, intervalMs);
    count += series;
  }
  return count === 0 ? 0 : sum / count;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
