import type { Decision } from '../decide.js';
import type { MetricSource } from '../labels/metric-source.js';
import type { MetricOutcome } from '../metrics/outcome.js';
import type { Policy } from '../policy/policy.js';

/** Why a look came to its count, in one sentence for people. */
export function explainDecision(
  decision: Decision,
  policy: Policy,
  sources: readonly MetricSource[],
): string {
  const said = decision.metrics.map((metric) => explainMetric(metric, policy, sources));
  return [explainReason(decision), ...said, ...explainLimits(decision)]
    .filter((text) => text !== '')
    .join('; ');
}

function explainReason({ reason, bounds }: Decision): string {
  switch (reason) {
    case 'notScalable':
      return 'only replicated services have a count';
    case 'paused':
      return 'scaling is paused';
    case 'pausedAt':
      return 'scaling is paused at this count (com.df.scalePausedReplicas)';
    case 'disabledAtZero':
      return 'somebody took it to 0 replicas, where it stays';
    case 'inactive':
      return 'it sleeps, and nothing is active';
    case 'pausedUp':
      return 'it is awake, but may not go up';
    case 'activated':
      return 'it wakes, as something is active';
    case 'deactivated':
      return 'nothing was active for the whole cool-down, so it sleeps';
    case 'aboveMax':
      return `the maximum at this moment is ${bounds.max}`;
    case 'belowMin':
      return `the minimum at this moment is ${bounds.min}`;
    case 'metricsFailed':
      return 'the count stays, as metrics failed';
    case 'held':
      return 'the count stays until the update of the service has ended';
    case 'scaleUp':
    case 'scaleDown':
    case 'steady':
      return '';
  }
}

function explainMetric(
  { name, value, target, proposal, failed, isFallback }: MetricOutcome,
  { metrics }: Policy,
  sources: readonly MetricSource[],
): string {
  const on = sources.find(({ metric }) => metric === name)?.on ?? name;
  const what = on.length > 80 ? `${on.slice(0, 80)}…` : on;
  if (failed !== undefined) return `${what} failed: ${failed}`;
  if (isFallback === true) return `${what} fails, and its fallback asks for ${proposal ?? 0}`;
  const unit = metrics.find((metric) => metric.name === name)?.type === 'utilization' ? ' %' : '';
  const is = value === undefined ? 'was not computed' : `is ${shortNumber(value)}${unit}`;
  return `${what} ${is}, its target ${shortNumber(target)}${unit}: ${proposal ?? 0} replicas`;
}

function explainLimits({ limitedBy, stabilized, bounds }: Decision): readonly string[] {
  const limits = {
    max: `cut to the maximum of ${bounds.max}`,
    min: `raised to the minimum of ${bounds.min}`,
    upPolicy: 'cut to what com.df.scaleUpPolicies allow now',
    downPolicy: 'held at what com.df.scaleDownPolicies allow now',
  };
  return [
    ...(stabilized === null
      ? []
      : [`held by the ${stabilized === 'up' ? 'com.df.scaleUpWindow' : 'com.df.scaleDownWindow'}`]),
    ...(limitedBy === null ? [] : [limits[limitedBy]]),
  ];
}

/** Four digits are enough to compare a number with its target. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(4)));
}
