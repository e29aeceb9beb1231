import { hasTargetLabel, parseTargetLabels, type Issue } from '@docker-flow/labels';
import { completePolicy } from '../policy/complete-policy.js';
import type { PolicyInput } from '../policy/policy-input.js';
import type { Policy } from '../policy/policy.js';
import { inputOf, type PlanBounds } from './input-of-labels.js';
import { idleIssues, jointIssues } from './joint-issues.js';
import { LabelIssues } from './label-issues.js';
import { labelOfPath } from './label-of-path.js';
import { readMetric } from './metric-of-labels.js';
import type { MetricSource } from './metric-source.js';

/** How a service is scaled on targets. */
export interface TargetPlan {
  readonly policy: Policy;
  readonly input: PolicyInput;
  readonly sources: readonly MetricSource[];
  readonly pausedReplicas: number | undefined;
}

/** A plan, or why there is none; `issues` also hold what is wrong beside a plan that works. */
export interface ReadPlan {
  /** Absent when no label of the service speaks of a target, or when they make no policy. */
  readonly plan: TargetPlan | undefined;
  readonly issues: readonly Issue[];
}

const NO_PLAN: ReadPlan = { plan: undefined, issues: [] };

/**
 * Reads the policy that the labels of a service describe. A service is scaled on targets only if all of it can be
 * read: half of a policy is another policy.
 */
export function planOfLabels(
  service: string,
  labels: Readonly<Record<string, string>>,
  bounds: PlanBounds,
): ReadPlan {
  if (!hasTargetLabel(labels)) return NO_PLAN;
  const { value: read, issues } = parseTargetLabels(service, labels);
  const about = new LabelIssues(service, labels);
  const misread = issues.filter(({ kind }) => kind === undefined);
  const isLoop = read.metrics.some(({ on }) => on !== undefined) || read.schedules.length > 0;
  if (!isLoop) {
    return misread.length > 0
      ? { plan: undefined, issues }
      : { plan: undefined, issues: [...issues, ...idleIssues(read, about)] };
  }
  const metrics = read.metrics.map((metric) => readMetric(metric, about));
  const problems = metrics.flatMap((metric) => ('issues' in metric ? metric.issues : []));
  const complete = metrics.flatMap((metric) => ('input' in metric ? [metric] : []));
  const input = inputOf(
    read,
    complete.map((metric) => metric.input),
    bounds,
  );
  const completed = completePolicy(input);
  const wrong = 'problems' in completed ? completed.problems : [];
  const all = [
    ...issues,
    ...problems,
    ...wrong.map(({ path, problem }) => about.issue(labelOfPath(path, read), problem, expectedAt(path))),
    ...jointIssues(read, input, about),
  ];
  if ('problems' in completed || all.some(({ kind }) => kind === undefined))
    return { plan: undefined, issues: all };
  return {
    plan: {
      policy: completed.policy,
      input,
      sources: complete.map(({ source }) => source),
      pausedReplicas: read.pausedReplicas,
    },
    issues: all,
  };
}

/** What would be right where the problem does not say it. */
function expectedAt(path: string): string {
  if (path.endsWith('.timezone')) return 'a name of the IANA database such as Europe/Berlin';
  if (path.startsWith('schedules.')) return 'a cron expression such as 0 8 * * 1-5, and bounds of at least 0';
  return path.startsWith('formula')
    ? 'a formula over m1, m2, … such as (m1 + m2) / 2'
    : 'a value in these bounds';
}
