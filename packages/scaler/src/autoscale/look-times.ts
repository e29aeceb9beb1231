import type { TargetPlan } from '../core/autoscaling/labels/plan-of-labels.js';
import { isWellPlaced, nextLookAt, type Samples } from '../core/autoscaling/look/next-look.js';
import { readSampleAges, sampleAgeQuery } from '../core/autoscaling/look/sample-ages.js';
import type { MetricsServer } from '../ports.js';
import { selectorsOf } from './promql-selectors.js';

/** When the loop looks: soon after Prometheus has scraped what is asked, and never later than an interval after the last look. */
export interface LookTimes {
  /** Finds out now and then when samples come, after a look that began at this time. */
  ask(plans: readonly TargetPlan[], lookMs: number, timeoutMs: number): Promise<void>;
  nextAfter(lookMs: number): number;
}

export interface LookTimesDeps {
  readonly server: MetricsServer | undefined;
  readonly now: () => number;
}

/** Targets come and go, and Prometheus chooses the time of each anew when it starts. */
const ASK_AGAIN_MS = 60_000;
/** Where samples come at other distances than looks, no look stays where it should be. */
const MOST_MOVES = 3;
/** So many selectors tell enough; those that most services ask for come first. */
const MOST_SELECTORS = 20;

export function createLookTimes(intervalMs: number, { server, now }: LookTimesDeps): LookTimes {
  let samples: Samples | undefined;
  let dueMs = -Infinity;
  let moves = 0;

  return {
    async ask(plans, lookMs, timeoutMs) {
      if (!server || lookMs < dueMs) return;
      const selectors = mostAsked(plans);
      if (selectors.length === 0) return;
      const atMs = now();
      const ages = readSampleAges(await server.query(sampleAgeQuery(selectors), timeoutMs));
      dueMs = lookMs + ASK_AGAIN_MS;
      if (ages.length === 0) return;
      samples = { atMs, ages };
      moves = isWellPlaced(lookMs, intervalMs, samples) ? 0 : moves + 1;
      // Until looks are where they should be, each of them finds out how far they are from it.
      if (moves > 0 && moves <= MOST_MOVES) dueMs = lookMs;
    },
    nextAfter: (lookMs) => nextLookAt(lookMs, intervalMs, samples),
  };
}

function mostAsked(plans: readonly TargetPlan[]): readonly string[] {
  const expressions = new Map<string, number>();
  for (const { sources } of plans)
    for (const { query } of sources)
      expressions.set(query.expression, (expressions.get(query.expression) ?? 0) + 1);
  const selectors = new Set<string>();
  for (const [expression] of [...expressions].sort(([, a], [, b]) => b - a)) {
    for (const selector of selectorsOf(expression)) selectors.add(selector);
    if (selectors.size >= MOST_SELECTORS) break;
  }
  return [...selectors].slice(0, MOST_SELECTORS);
}
