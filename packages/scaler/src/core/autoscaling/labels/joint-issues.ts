import type { Issue, TargetLabels } from '@docker-flow/labels';
import type { PolicyInput } from '../policy/policy-input.js';
import type { LabelIssues } from './label-issues.js';
import { labelOfPath } from './label-of-path.js';
import { firstLabel } from './metric-of-labels.js';

/** What only several labels together get wrong. */
export function jointIssues(read: TargetLabels, input: PolicyInput, about: LabelIssues): readonly Issue[] {
  const hasServiceMetric = (input.metrics ?? []).some(({ per }) => per === 'service');
  const hasFloor = read.schedules.some(({ min }) => (min ?? 0) > 0);
  const wakes = hasServiceMetric || hasFloor;
  return [
    ...when(read.toZero === true && !wakes, () =>
      about.issue(
        'scaleToZero',
        'lets it sleep, and nothing could wake it: only metrics of the service and schedules can',
        'a scaleOn that is measured for the service, such as @requests',
      ),
    ),
    ...when(read.toZero !== true && input.min === 0 && !wakes, () =>
      about.issue(
        'scaleMin',
        'lets it go to no replicas, and nothing could start it again',
        'at least 1, or a scaleOn that is measured for the service',
      ),
    ),
    ...when(read.formula === undefined && read.formulaTarget !== undefined, () =>
      about.issue('scaleFormulaTarget', 'has no formula', 'scaleFormula beside it'),
    ),
    ...when(read.formula !== undefined && !hasServiceMetric, () =>
      about.issue(
        'scaleFormula',
        'has no metric of the service to compute with',
        'a scaleOn that is measured for the service',
      ),
    ),
    ...when(read.toZero !== true && (read.zeroCooldown !== undefined || read.zeroWake !== undefined), () => ({
      ...about.issue(
        read.zeroWake === undefined ? 'scaleZeroCooldown' : 'scaleZeroWake',
        'does nothing',
        'scaleToZero=true beside it',
      ),
      kind: 'no-effect' as const,
    })),
  ];
}

/** Labels about targets without any metric: they do nothing. `scalePausedReplicas` may stand alone. */
export function idleIssues(read: TargetLabels, about: LabelIssues): readonly Issue[] {
  const { metrics, schedules, pausedReplicas, ...others } = read;
  const names = [
    ...metrics.map((metric) => firstLabel(metric, metric.number)),
    ...Object.keys(others).map((part) => labelOfPath(part, read)),
  ];
  const [first] = names;
  if (first === undefined || schedules.length > 0 || pausedReplicas !== undefined) return [];
  const isTarget = first.startsWith('scaleTarget.');
  const expected = `${isTarget ? 'scaleOn' : 'scaleOn and scaleTarget'} beside it`;
  return [{ ...about.issue(first, 'does nothing', expected), kind: 'no-effect' }];
}

function when(isWrong: boolean, make: () => Issue): readonly Issue[] {
  return isWrong ? [make()] : [];
}
