import { parseScalerLabels, type Issue } from '@docker-flow/labels';
import type { ScalingConfig } from '../config/config.js';
import { buildScalePolicy, type ScalePolicy } from '../core/scaling/scale-policy.js';
import type { SwarmService } from '../ports.js';

/** Labels over defaults, and what of the labels could not be read. */
export function readServicePolicy(
  { name, labels }: Pick<SwarmService, 'name' | 'labels'>,
  { labelNames, defaults }: Pick<ScalingConfig, 'labelNames' | 'defaults'>,
): { readonly policy: ScalePolicy; readonly issues: readonly Issue[] } {
  const { value, issues } = parseScalerLabels(name, labels, labelNames);
  return { policy: buildScalePolicy(value, labelNames, defaults), issues };
}

/** Whether somebody has said anything about scaling this service. */
export function hasScalingLabel(
  { labels }: Pick<SwarmService, 'labels'>,
  { labelNames }: Pick<ScalingConfig, 'labelNames'>,
): boolean {
  return Object.values(labelNames).some((name) => Object.hasOwn(labels, name));
}
