import type { Formula } from '../formula/parse-formula.js';
import type { CronWindow } from '../schedule/cron-window.js';

/** A share of the target, for each side: 0.1 lets a metric be up to 10 % off its target without a change. */
export interface Tolerance {
  readonly up?: number;
  readonly down?: number;
}

/**
 * What a metric is compared with: `value` the whole against the target, `averageValue` its share of each task,
 * `utilization` its percentage of what the tasks have reserved.
 */
export type TargetType = 'value' | 'averageValue' | 'utilization';

/** One metric of a policy, complete. */
export interface Metric {
  readonly name: string;
  /** One sample for each task, or one number for the whole service. */
  readonly per: 'task' | 'service';
  readonly type: TargetType;
  readonly target: number;
  /** Only CPU is blind to tasks that are still starting. */
  readonly resource?: 'cpu' | 'memory';
  /** The range of the rate behind a sample. */
  readonly windowSeconds: number;
  /** What an empty or non-finite result of a service metric counts as. */
  readonly empty: 'error' | 'zero';
  /** The service is active while the value is above this. */
  readonly activation: number;
  readonly tolerance: Tolerance;
  /** Why it can never be computed; it then counts as failed at each look. */
  readonly problem?: string;
}

/** How many tasks, or what percentage of them, may come or go in a period. */
export interface RatePolicy {
  readonly type: 'tasks' | 'percent';
  readonly value: number;
  readonly periodSeconds: number;
}

/** How the count may move in one direction. */
export interface Direction {
  readonly stabilizationSeconds: number;
  /** Which rate policy counts: that of the largest change, of the smallest, or no change at all. */
  readonly select: 'max' | 'min' | 'disabled';
  readonly policies: readonly RatePolicy[];
  readonly tolerance?: number;
}

/** When a task that is not ready, or was not long ago, does not count for CPU. */
export interface Readiness {
  readonly cpuInitializationSeconds: number;
  readonly initialReadinessDelaySeconds: number;
}

/** Sleeping at zero replicas while nothing is active. */
export interface SleepAtZero {
  readonly cooldownSeconds: number;
  readonly initialCooldownSeconds: number;
  /** `ours`: only a zero that the scaler wrote is left again. */
  readonly wake: 'always' | 'ours';
}

/** What a metric proposes once it has failed more than `failureThreshold` times in a row. */
export interface Fallback {
  readonly failureThreshold: number;
  readonly replicas: number;
  readonly behavior:
    'static' | 'currentReplicas' | 'currentReplicasIfHigher' | 'currentReplicasIfLower' | 'formula';
}

/** Other bounds while a window of time is open. */
export interface Schedule {
  readonly window: CronWindow;
  readonly min?: number;
  readonly max?: number;
}

/** One number computed from the service metrics; it proposes in their place. */
export interface FormulaMetric {
  readonly formula: Formula;
  readonly target: number;
  readonly type: 'averageValue' | 'value';
  readonly activation: number;
  readonly tolerance: Tolerance;
}

/** A complete policy: every default is filled in. Made by `completePolicy`. */
export interface Policy {
  readonly min: number;
  readonly max: number;
  readonly tolerance: number;
  readonly metrics: readonly Metric[];
  readonly up: Direction;
  readonly down: Direction;
  readonly readiness: Readiness;
  readonly zero?: SleepAtZero;
  readonly fallback?: Fallback | undefined;
  readonly schedules: readonly Schedule[];
  readonly formula?: FormulaMetric;
}
