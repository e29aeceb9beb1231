import {
  LABEL_PREFIX,
  hasTargetLabel,
  nameIssues,
  parameterOfLabel,
  parseScalerLabels,
  withoutQuotes,
  type Issue,
} from '@docker-flow/labels';
import type { ScalingConfig } from '../config/config.js';
import { planOfLabels, type TargetPlan } from '../core/autoscaling/labels/plan-of-labels.js';
import { buildScalePolicy, type ScalePolicy } from '../core/scaling/scale-policy.js';
import type { SwarmService } from '../ports.js';

/** Everything that the labels of a service say about its replicas. */
export interface ServicePolicy {
  readonly policy: ScalePolicy;
  /** How it is scaled on targets; absent when it is not. */
  readonly plan: TargetPlan | undefined;
  readonly issues: readonly Issue[];
}

/** Labels over defaults, and what of the labels could not be read. */
export function readServicePolicy(
  { name, labels }: Pick<SwarmService, 'name' | 'labels'>,
  { labelNames, defaults }: Pick<ScalingConfig, 'labelNames' | 'defaults'>,
): ServicePolicy {
  const { value, issues } = parseScalerLabels(name, labels, labelNames);
  const policy = buildScalePolicy(value, labelNames, defaults);
  const names = nameIssues(parametersOf(labels), { service: name, reader: 'scaler' });
  const { plan, issues: ofTargets } = planOfLabels(name, labels, {
    min: policy.min.value,
    max: policy.max.value,
  });
  const all = [...issues, ...names, ...boundIssues(name, policy, labelNames), ...ofTargets];
  return { policy, plan, issues: all };
}

function boundIssues(
  service: string,
  { min, max }: ScalePolicy,
  labelNames: ScalingConfig['labelNames'],
): readonly Issue[] {
  if (min.value <= max.value) return [];
  return [
    {
      service,
      label: labelNames.min,
      value: String(min.value),
      problem: `is above the maximum of ${max.value} (${max.from}), which wins`,
      expected: `a number that is not above the maximum`,
    },
  ];
}

/** Labels of ours without their prefix. */
function parametersOf(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const ours = Object.entries(labels).flatMap(([key, value]) => {
    const parameter = parameterOfLabel(key);
    return parameter === undefined ? [] : [[parameter, value] as const];
  });
  return Object.fromEntries(ours);
}

/** Whether the scaler may touch a service although only an alert or a person names it (`SCALE_UNLABELLED`). */
export function mayBeScaled(
  service: Pick<SwarmService, 'labels'>,
  config: Pick<ScalingConfig, 'labelNames' | 'scaleUnlabelled'>,
): boolean {
  if (config.scaleUnlabelled || hasScalingLabel(service, config)) return true;
  const { labels } = service;
  const wakes = labels[`${LABEL_PREFIX}wakeOnRequest`];
  return (
    Object.keys(labels).some((name) => name.startsWith(`${LABEL_PREFIX}scale`)) ||
    (wakes !== undefined && (withoutQuotes(wakes) ?? wakes) === 'true')
  );
}

/** Whether somebody has said anything about scaling this service. */
export function hasScalingLabel(
  { labels }: Pick<SwarmService, 'labels'>,
  { labelNames }: Pick<ScalingConfig, 'labelNames'>,
): boolean {
  return Object.values(labelNames).some((name) => Object.hasOwn(labels, name)) || hasTargetLabel(labels);
}
