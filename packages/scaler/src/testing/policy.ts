import type { ScalePolicy, Sourced } from '../core/scaling/scale-policy.js';

/** A policy for tests, values only; everything else is as if nothing were set. */
export function policyOf(
  values: {
    min?: number;
    max?: number;
    up?: number;
    down?: number;
    upCooldownMs?: number;
    downCooldownMs?: number;
    paused?: boolean;
  } = {},
): ScalePolicy {
  return {
    min: label(values.min ?? 1, 'com.df.scaleMin'),
    max: label(values.max ?? 5, 'com.df.scaleMax'),
    upBy: label({ unit: 'count', size: values.up ?? 1 }, 'com.df.scaleUpBy'),
    downBy: label({ unit: 'count', size: values.down ?? 1 }, 'com.df.scaleDownBy'),
    upCooldownMs: label(values.upCooldownMs ?? 0, 'com.df.scaleUpCooldown'),
    downCooldownMs: label(values.downCooldownMs ?? 0, 'com.df.scaleDownCooldown'),
    paused: label(values.paused ?? false, 'com.df.scalePaused'),
    restore: label(true, 'com.df.scaleRestore'),
  };
}

function label<T>(value: T, name: string): Sourced<T> {
  return { value, from: `label ${name}` };
}
