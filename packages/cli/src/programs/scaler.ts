import { readEnvironment } from '@docker-flow/daemon/config/environment';
import { hasTargetLabel, parseScalerLabels } from '@docker-flow/labels';
import { readScaling } from '@docker-flow/scaler/config/config';
import { ENVIRONMENT } from '@docker-flow/scaler/config/environment';
import { formatStep } from '@docker-flow/scaler/core/scaling/scale-request';
import { buildScalePolicy } from '@docker-flow/scaler/core/scaling/scale-policy';
import type { Variables } from './variables.js';

/** Bounds, steps and pauses of one service; pauses in seconds. */
export interface ScalingPlan {
  readonly min: number;
  readonly max: number;
  readonly upBy: string;
  readonly downBy: string;
  readonly upCooldown: number;
  readonly downCooldown: number;
}

export type ReadScalingPlan = (
  service: string,
  labels: Readonly<Record<string, string>>,
) => ScalingPlan | undefined;

/** Reads what labels say about replicas, with the defaults that these variables give; `undefined` without such a label. */
export function createScalingReader(variables: Variables): ReadScalingPlan {
  const { labelNames } = readScaling(readEnvironment(ENVIRONMENT, variables));
  return (service, labels) =>
    Object.values(labelNames).some((name) => Object.hasOwn(labels, name)) || hasTargetLabel(labels)
      ? createScalingPlan(variables)(service, labels)
      : undefined;
}

/** The same for every service: without a label the defaults count. */
export function createScalingPlan(
  variables: Variables,
): (service: string, labels: Readonly<Record<string, string>>) => ScalingPlan {
  const { labelNames, defaults } = readScaling(readEnvironment(ENVIRONMENT, variables));
  return (service, labels) => {
    const { value } = parseScalerLabels(service, labels, labelNames);
    const policy = buildScalePolicy(value, labelNames, defaults);
    return {
      min: policy.min.value,
      max: policy.max.value,
      upBy: formatStep(policy.upBy.value),
      downBy: formatStep(policy.downBy.value),
      upCooldown: policy.upCooldownMs.value / 1_000,
      downCooldown: policy.downCooldownMs.value / 1_000,
    };
  };
}
