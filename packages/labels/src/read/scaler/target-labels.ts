import type { Label } from '../../catalogue/label.js';
import { TARGET_LABELS as LABELS } from '../../catalogue/scaler-targets.js';
import type { FallbackRule, Rate, TargetValue } from '../../catalogue/types/scaling.js';
import { byText } from '../../values/order.js';
import type { Issue } from '../../values/parsed.js';
import { LABEL_PREFIX, parameterOfLabel, parseLabelKey } from '../../wire/label-key.js';
import { labelIssue, readLabel } from '../read-label.js';

/** What the labels of one number say about a metric; absent what is missing or cannot be read. */
export interface MetricLabels {
  /** As in `m1`: 1 for labels without a number. */
  readonly number: number;
  readonly on?: string;
  readonly target?: TargetValue;
  readonly type?: 'perTask' | 'total' | 'utilization';
  readonly per?: 'service' | 'task';
  readonly activation?: number;
  readonly empty?: 'error' | 'zero';
}

/** What the labels of one number say about other bounds for a time. */
export interface ScheduleLabels {
  readonly number: number;
  readonly start?: string;
  readonly end?: string;
  readonly timezone?: string;
  readonly min?: number;
  readonly max?: number;
}

/** What the labels of one service say about scaling on targets. */
export interface TargetLabels {
  readonly metrics: readonly MetricLabels[];
  readonly schedules: readonly ScheduleLabels[];
  readonly tolerance?: number;
  readonly upTolerance?: number;
  readonly downTolerance?: number;
  readonly upPolicies?: readonly Rate[];
  readonly downPolicies?: readonly Rate[];
  readonly upSelect?: 'max' | 'min' | 'disabled';
  readonly downSelect?: 'max' | 'min' | 'disabled';
  readonly upWindow?: number;
  readonly downWindow?: number;
  readonly cpuInitialization?: number;
  readonly readinessDelay?: number;
  readonly toZero?: boolean;
  readonly zeroCooldown?: number;
  readonly zeroWake?: 'ours' | 'always';
  readonly fallback?: FallbackRule;
  readonly formula?: string;
  readonly formulaTarget?: number;
  readonly pausedReplicas?: number;
}

type LabelOf<Read> = { readonly [Part in keyof Read]-?: Label<Exclude<Read[Part], undefined>> };

const OF_METRIC: LabelOf<Omit<MetricLabels, 'number'>> = {
  on: LABELS.scaleOn,
  target: LABELS.scaleTarget,
  type: LABELS.scaleTargetType,
  per: LABELS.scalePer,
  activation: LABELS.scaleActivation,
  empty: LABELS.scaleEmpty,
};

const OF_SCHEDULE: LabelOf<Omit<ScheduleLabels, 'number'>> = {
  start: LABELS.scaleScheduleStart,
  end: LABELS.scaleScheduleEnd,
  timezone: LABELS.scaleScheduleTimezone,
  min: LABELS.scaleScheduleMin,
  max: LABELS.scaleScheduleMax,
};

const OF_SERVICE: LabelOf<Omit<TargetLabels, 'metrics' | 'schedules'>> = {
  tolerance: LABELS.scaleTolerance,
  upTolerance: LABELS.scaleUpTolerance,
  downTolerance: LABELS.scaleDownTolerance,
  upPolicies: LABELS.scaleUpPolicies,
  downPolicies: LABELS.scaleDownPolicies,
  upSelect: LABELS.scaleUpSelect,
  downSelect: LABELS.scaleDownSelect,
  upWindow: LABELS.scaleUpWindow,
  downWindow: LABELS.scaleDownWindow,
  cpuInitialization: LABELS.scaleCpuInitialization,
  readinessDelay: LABELS.scaleReadinessDelay,
  toZero: LABELS.scaleToZero,
  zeroCooldown: LABELS.scaleZeroCooldown,
  zeroWake: LABELS.scaleZeroWake,
  fallback: LABELS.scaleFallback,
  formula: LABELS.scaleFormula,
  formulaTarget: LABELS.scaleFormulaTarget,
  pausedReplicas: LABELS.scalePausedReplicas,
};

/** More metrics or schedules than that are a mistake. */
const MOST_NUMBERED = 50;

type Part = readonly [group: 'metric' | 'schedule' | 'service', part: string, label: Label];

const PARTS: ReadonlyMap<string, Part> = new Map(
  (
    [
      ['metric', OF_METRIC],
      ['schedule', OF_SCHEDULE],
      ['service', OF_SERVICE],
    ] as const
  ).flatMap(([group, labels]) =>
    Object.entries<Label>(labels).map(([part, label]): [string, Part] => [label.name, [group, part, label]]),
  ),
);

/** Whether the labels of a service say anything about a target. */
export function hasTargetLabel(labels: Readonly<Record<string, string>>): boolean {
  return Object.keys(labels).some((key) => {
    if (!key.startsWith(`${LABEL_PREFIX}scale`)) return false;
    return PARTS.has(parseLabelKey(key.slice(LABEL_PREFIX.length)).name);
  });
}

/**
 * Reads the labels of one service that are about targets. What cannot be read is left out and told as an issue; whether
 * the parts make a policy is for the scaler to say.
 */
export function parseTargetLabels(
  service: string,
  labels: Readonly<Record<string, string>>,
): { readonly value: TargetLabels; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const ofService: Record<string, unknown> = {};
  const numbered = {
    metric: new Map<number, Record<string, unknown>>(),
    schedule: new Map<number, Record<string, unknown>>(),
  };
  for (const [name, text] of Object.entries(labels).sort(byText(([key]) => key))) {
    const key = parameterOfLabel(name);
    if (key === undefined) continue;
    const written = parseLabelKey(key);
    const known = PARTS.get(written.name);
    if (!known) continue;
    const [group, part, label] = known;
    if (group === 'service' && written.index !== undefined) continue;
    const result = readLabel(label, text);
    if (!result.ok) issues.push(labelIssue(label, { service, key, text }, result));
    const read = result.ok ? result : result.instead;
    if (read?.value === undefined) continue;
    if (group === 'service') ofService[part] = read.value;
    else {
      const of = numbered[group];
      const number = written.index ?? 1;
      const before = of.get(number) ?? { number };
      // The label with the number wins over the one without, which means the same.
      if (written.index === undefined && Object.hasOwn(labels, `${LABEL_PREFIX}${written.name}.1`))
        issues.push(
          labelIssue(
            label,
            { service, key, text },
            {
              problem: `says the same as ${key}.1, which counts`,
              expected: 'one of them',
              kind: 'no-effect',
            },
          ),
        );
      else if (of.has(number) || of.size < MOST_NUMBERED) of.set(number, { ...before, [part]: read.value });
    }
  }
  const sorted = (of: ReadonlyMap<number, object>) =>
    [...of].sort(([a], [b]) => a - b).map(([, value]) => value);
  return {
    value: {
      ...(ofService as Omit<TargetLabels, 'metrics' | 'schedules'>),
      metrics: sorted(numbered.metric) as readonly MetricLabels[],
      schedules: sorted(numbered.schedule) as readonly ScheduleLabels[],
    },
    issues,
  };
}
