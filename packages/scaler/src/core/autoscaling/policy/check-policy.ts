import type { DirectionInput, MetricInput, PolicyInput } from './policy-input.js';

const LONGEST_WINDOW_SECONDS = 3_600;
const LONGEST_PERIOD_SECONDS = 1_800;

/** What is wrong with a policy, and where: `min`, `metrics.cpu.target`, `behavior.up.policies.0.periodSeconds` … */
export interface PolicyProblem {
  readonly path: string;
  /** A clause about what stands at the path: "must be above 0". */
  readonly problem: string;
}

/** Everything in a policy that makes no sense, without its crons and its formula (see `completePolicy`). */
export function policyProblems(policy: PolicyInput): readonly PolicyProblem[] {
  const { min = 1, max, fallback, zero } = policy;
  return [
    ...when(max < 1, 'max', 'must be at least 1'),
    ...when(min < 0, 'min', 'must be at least 0'),
    ...when(min > max, 'min', `must not be above the maximum of ${max}`),
    ...atLeastZero('tolerance', policy.tolerance),
    ...directionProblems('behavior.up', policy.behavior?.up),
    ...directionProblems('behavior.down', policy.behavior?.down),
    ...atLeastZero('readiness.cpuInitializationSeconds', policy.readiness?.cpuInitializationSeconds),
    ...atLeastZero('readiness.initialReadinessDelaySeconds', policy.readiness?.initialReadinessDelaySeconds),
    ...atLeastZero('zero.cooldownSeconds', zero?.cooldownSeconds),
    ...atLeastZero('zero.initialCooldownSeconds', zero?.initialCooldownSeconds),
    ...atLeastZero('fallback.failureThreshold', fallback?.failureThreshold),
    ...atLeastZero('fallback.replicas', fallback?.replicas),
    ...when(
      fallback?.behavior === 'formula' && policy.formula === undefined,
      'fallback.behavior',
      'needs a formula',
    ),
    ...when(
      policy.formula !== undefined && !(policy.formula.target > 0),
      'formula.target',
      'must be above 0',
    ),
    ...(policy.schedules ?? []).flatMap((schedule, i) => [
      ...when(schedule.start === schedule.end, `schedules.${i}.end`, 'must differ from the start'),
      ...atLeastZero(`schedules.${i}.min`, schedule.min),
      ...atLeastZero(`schedules.${i}.max`, schedule.max),
    ]),
  ];
}

/**
 * Why a metric can never be computed, if so. Such a metric counts as failed at each look, so that a policy that is
 * already at work never lowers a count because of it; for people it is an error like any other.
 */
export function metricProblem({ per, type, target, resource }: MetricInput): string | undefined {
  if (!(target > 0)) return 'its target must be above 0';
  if (per === 'task' && type === 'value') return 'a metric for each task has no target of type value';
  if (per === 'service' && type === 'utilization') return 'a metric of the service has no reservation';
  if (type === 'utilization' && resource === undefined)
    return 'a utilization needs a resource: cpu or memory';
  return undefined;
}

function directionProblems(path: string, direction: DirectionInput | undefined): readonly PolicyProblem[] {
  if (!direction) return [];
  const { stabilizationSeconds: window = 0, policies, select } = direction;
  return [
    ...when(
      window < 0 || window > LONGEST_WINDOW_SECONDS,
      `${path}.stabilizationSeconds`,
      `must be between 0 and ${LONGEST_WINDOW_SECONDS}`,
    ),
    ...when(policies?.length === 0 && select !== 'disabled', `${path}.policies`, 'must not be empty'),
    ...atLeastZero(`${path}.tolerance`, direction.tolerance),
    ...(policies ?? []).flatMap(({ value, periodSeconds }, i) => [
      ...when(!(value > 0), `${path}.policies.${i}.value`, 'must be above 0'),
      ...when(
        periodSeconds < 1 || periodSeconds > LONGEST_PERIOD_SECONDS,
        `${path}.policies.${i}.periodSeconds`,
        `must be between 1 and ${LONGEST_PERIOD_SECONDS}`,
      ),
    ]),
  ];
}

function atLeastZero(path: string, value: number | undefined): readonly PolicyProblem[] {
  return when(value !== undefined && value < 0, path, 'must be at least 0');
}

function when(isWrong: boolean, path: string, problem: string): readonly PolicyProblem[] {
  return isWrong ? [{ path, problem }] : [];
}
