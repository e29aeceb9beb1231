import type {
  NodeScalerLabelNames,
  NodeScalerLabels,
  ScalerLabelNames,
  ScalerLabels,
  Step,
} from '@docker-flow/labels';

/** A value and where it came from, in words for people: `label com.df.scaleMax` or `default DEFAULT_MAX_REPLICAS`. */
export interface Sourced<T> {
  readonly value: T;
  readonly from: string;
}

/** Smallest and largest count, and how much one request changes. The maximum wins when the minimum is larger. */
export interface CountPolicy {
  readonly min: Sourced<number>;
  readonly max: Sourced<number>;
  readonly upBy: Sourced<Step>;
  readonly downBy: Sourced<Step>;
}

/** Everything that labels and defaults say about the replicas of one service. */
export interface ScalePolicy extends CountPolicy {
  readonly upCooldownMs: Sourced<number>;
  readonly downCooldownMs: Sourced<number>;
  readonly paused: Sourced<boolean>;
  readonly restore: Sourced<boolean>;
}

/** The smallest count that can come about: a minimum above the maximum does not count. */
export function smallest({ min, max }: Pick<CountPolicy, 'min' | 'max'>): Sourced<number> {
  return min.value <= max.value
    ? min
    : { value: max.value, from: `${max.from}, which the ${min.from} is above` };
}

/** The label where it could be read, else the default. */
export function buildScalePolicy(
  labels: ScalerLabels,
  names: ScalerLabelNames,
  defaults: ScalePolicy,
): ScalePolicy {
  function pick<K extends keyof ScalerLabels & keyof ScalePolicy>(key: K): ScalePolicy[K] {
    const value = labels[key];
    return value === undefined ? defaults[key] : ({ value, from: `label ${names[key]}` } as ScalePolicy[K]);
  }
  return {
    min: pick('min'),
    max: pick('max'),
    upBy: pick('upBy'),
    downBy: pick('downBy'),
    upCooldownMs: pick('upCooldownMs'),
    downCooldownMs: pick('downCooldownMs'),
    paused: pick('paused'),
    restore: pick('restore'),
  };
}

/** The same for nodes of one role. */
export function buildNodePolicy(
  labels: NodeScalerLabels,
  names: NodeScalerLabelNames,
  defaults: CountPolicy,
): CountPolicy {
  function pick<K extends keyof CountPolicy>(key: K): CountPolicy[K] {
    const value = labels[key];
    return value === undefined ? defaults[key] : ({ value, from: `label ${names[key]}` } as CountPolicy[K]);
  }
  return { min: pick('min'), max: pick('max'), upBy: pick('upBy'), downBy: pick('downBy') };
}
