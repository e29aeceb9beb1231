import type { QueryResult } from './query-result.js';

/** How long samples have been there when Prometheus was asked, and of how many series they are. */
export interface SampleAge {
  readonly ageMs: number;
  readonly series: number;
}

const AGE = 'age';
/** Ages this near to each other are one, so that thousands of series are no thousands of answers. */
const STEP_SECONDS = 0.1;

/**
 * The expression that tells how old the newest samples of these selectors are, by Prometheus's own clock. A sample carries the
 * time at which its scrape began and is there when that has ended.
 */
export function sampleAgeQuery(selectors: readonly string[]): string {
  const took = 'max by (job, instance) (scrape_duration_seconds)';
  return selectors
    .map((selector) => {
      const begun = `timestamp(${selector})`;
      const there = `((${begun} + on (job, instance) group_left () ${took}) or ${begun})`;
      return `count_values("${AGE}", round(time() - ${there}, ${STEP_SECONDS}))`;
    })
    .join(' or ');
}

/** What Prometheus answers to that; nothing when it has no samples, or no answer. */
export function readSampleAges(result: QueryResult): readonly SampleAge[] {
  if (!result.ok) return [];
  return result.series.flatMap(({ labels, value }) => {
    const [seconds, series] = [Number(labels[AGE]), Number(value)];
    return Number.isFinite(seconds) && series > 0 ? [{ ageMs: Math.max(0, seconds * 1_000), series }] : [];
  });
}
