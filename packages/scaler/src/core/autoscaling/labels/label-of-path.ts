import type { TargetLabels } from '@docker-flow/labels';

/** Parts of a policy, and of what was read of labels, by the label that they come from. */
const LABELS: readonly (readonly [path: RegExp, label: string])[] = [
  [/^min$/, 'scaleMin'],
  [/^max$/, 'scaleMax'],
  [/^tolerance$/, 'scaleTolerance'],
  [/^behavior\.up\.stabilization|^upWindow/, 'scaleUpWindow'],
  [/^behavior\.down\.stabilization|^downWindow/, 'scaleDownWindow'],
  [/^behavior\.up\.policies|^upPolicies/, 'scaleUpPolicies'],
  [/^behavior\.down\.policies|^downPolicies/, 'scaleDownPolicies'],
  [/^behavior\.up\.tolerance|^upTolerance/, 'scaleUpTolerance'],
  [/^behavior\.down\.tolerance|^downTolerance/, 'scaleDownTolerance'],
  [/^behavior\.up|^upSelect/, 'scaleUpSelect'],
  [/^behavior\.down|^downSelect/, 'scaleDownSelect'],
  [/^readiness\.cpu|^cpuInitialization/, 'scaleCpuInitialization'],
  [/^readiness|^readinessDelay/, 'scaleReadinessDelay'],
  [/^zero\.cooldown|^zeroCooldown/, 'scaleZeroCooldown'],
  [/^zeroWake/, 'scaleZeroWake'],
  [/^zero|^toZero/, 'scaleToZero'],
  [/^fallback/, 'scaleFallback'],
  [/^formula\.target|^formulaTarget/, 'scaleFormulaTarget'],
  [/^formula/, 'scaleFormula'],
];

/** The label, without prefix, that a part of a policy comes from: `schedules.0.end` is `scaleScheduleEnd.1`. */
export function labelOfPath(path: string, { schedules }: Pick<TargetLabels, 'schedules'>): string {
  const [, index, field] = /^schedules\.([0-9]+)(?:\.(.+))?$/.exec(path) ?? [];
  if (index !== undefined) {
    const { number = 1 } = schedules[Number(index)] ?? {};
    const name = { end: 'End', min: 'Min', max: 'Max', timezone: 'Timezone' }[field ?? ''] ?? 'Start';
    return `scaleSchedule${name}.${number}`;
  }
  return LABELS.find(([pattern]) => pattern.test(path))?.[1] ?? 'scaleOn';
}
