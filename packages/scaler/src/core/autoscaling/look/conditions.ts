import type { Decision } from '../decide.js';

/** As KEDA and Kubernetes name them. */
export type ConditionType = 'AbleToScale' | 'ScalingActive' | 'ScalingLimited' | 'Fallback';

export interface Condition {
  readonly type: ConditionType;
  readonly status: boolean;
  /** One word: `ReadyForNewScale`, `FailedGetMetrics` … */
  readonly reason: string;
  readonly message: string;
  readonly sinceMs: number;
}

/** Why a decision could not be carried out, or none was made. */
export interface Obstacle {
  readonly reason: string;
  readonly message: string;
}

type Judged = Omit<Condition, 'sinceMs'>;

/** What holds after a look. A condition that is as it was keeps its time. */
export function conditionsAfter(
  before: readonly Condition[],
  decision: Decision,
  obstacle: Obstacle | undefined,
  atMs: number,
): readonly Condition[] {
  return [
    ableToScale(decision, obstacle),
    scalingActive(decision),
    scalingLimited(decision),
    fallback(decision),
  ].map((condition) => {
    const same = before.find(
      ({ type, status, reason }) =>
        type === condition.type && status === condition.status && reason === condition.reason,
    );
    return { ...condition, sinceMs: same?.sinceMs ?? atMs };
  });
}

function ableToScale({ reason }: Decision, obstacle: Obstacle | undefined): Judged {
  const type = 'AbleToScale';
  if (obstacle) return { type, status: false, ...obstacle };
  if (reason === 'notScalable')
    return { type, status: false, reason: 'NotReplicated', message: 'only replicated services have a count' };
  if (reason === 'held')
    return {
      type,
      status: false,
      reason: 'UpdateInProgress',
      message: 'an update of the service must end first',
    };
  return { type, status: true, reason: 'ReadyForNewScale', message: 'the count can be written' };
}

function scalingActive({ reason, metrics }: Decision): Judged {
  const type = 'ScalingActive';
  const failed = metrics.flatMap(({ name, failed: why }) => (why === undefined ? [] : `${name}: ${why}`));
  switch (reason) {
    case 'paused':
    case 'pausedAt':
      return { type, status: false, reason: 'Paused', message: 'scaling is paused (com.df.scalePaused)' };
    case 'disabledAtZero':
      return { type, status: false, reason: 'ScalingDisabled', message: 'somebody took it to 0 replicas' };
    case 'inactive':
    case 'deactivated':
      return { type, status: false, reason: 'Asleep', message: 'nothing is active, so it sleeps' };
    case 'notScalable':
      return {
        type,
        status: false,
        reason: 'NotReplicated',
        message: 'only replicated services have a count',
      };
    default:
      return failed.length > 0
        ? { type, status: false, reason: 'FailedGetMetrics', message: failed.join('; ') }
        : { type, status: true, reason: 'ValidMetricFound', message: 'all metrics could be read' };
  }
}

function scalingLimited({ limitedBy, reason, bounds }: Decision): Judged {
  const type = 'ScalingLimited';
  if (limitedBy === 'max' || reason === 'aboveMax')
    return {
      type,
      status: true,
      reason: 'TooManyReplicas',
      message: `more than the maximum of ${bounds.max} is asked for`,
    };
  if (limitedBy === 'min' || reason === 'belowMin')
    return {
      type,
      status: true,
      reason: 'TooFewReplicas',
      message: `fewer than the minimum of ${bounds.min} is asked for`,
    };
  if (limitedBy === 'upPolicy')
    return { type, status: true, reason: 'ScaleUpLimit', message: 'the rates upwards allow no more at once' };
  if (limitedBy === 'downPolicy')
    return {
      type,
      status: true,
      reason: 'ScaleDownLimit',
      message: 'the rates downwards allow no more at once',
    };
  return {
    type,
    status: false,
    reason: 'DesiredWithinRange',
    message: 'the count is what the metrics ask for',
  };
}

function fallback({ metrics }: Decision): Judged {
  const names = metrics.flatMap(({ name, isFallback }) => (isFallback === true ? name : []));
  return names.length > 0
    ? {
        type: 'Fallback',
        status: true,
        reason: 'FallbackActive',
        message: `com.df.scaleFallback speaks for ${names.join(', ')}`,
      }
    : { type: 'Fallback', status: false, reason: 'NoFallback', message: 'every metric speaks for itself' };
}
