import type { Decision } from '../decide.js';
import type { TargetPlan } from '../labels/plan-of-labels.js';
import type { Condition } from './conditions.js';

/** What is shown of a service that is scaled on targets, in the API and on the page. Times are ISO, durations seconds. */
export interface TargetView {
  readonly metrics: readonly MetricView[];
  /** Bounds of this moment, open schedules included. */
  readonly min: number;
  readonly max: number;
  readonly windowSeconds: { readonly up: number; readonly down: number };
  /** What the last look came to, in one word and in words for people. */
  readonly reason: string;
  readonly explanation: string;
  readonly desired: number;
  readonly conditions: readonly (Omit<Condition, 'sinceMs'> & { readonly since: string })[];
  readonly lastLook: string;
  readonly nextLook: string;
}

export interface MetricView {
  readonly metric: string;
  /** As the label has it. */
  readonly on: string;
  readonly type: string;
  readonly target: number;
  readonly value: number | undefined;
  readonly proposal: number | undefined;
  readonly failed: string | undefined;
}

export interface LookedAt {
  readonly plan: TargetPlan;
  readonly decision: Decision;
  readonly explanation: string;
  readonly conditions: readonly Condition[];
  readonly atMs: number;
}

export function buildTargetView(
  { plan, decision, explanation, conditions, atMs }: LookedAt,
  nextLookMs: number,
): TargetView {
  const { policy, sources } = plan;
  return {
    metrics: decision.metrics.map(({ name, target, value, proposal, failed }) => ({
      metric: name,
      on: sources.find(({ metric }) => metric === name)?.on ?? name,
      type: policy.metrics.find((metric) => metric.name === name)?.type ?? 'averageValue',
      target,
      value,
      proposal,
      failed,
    })),
    min: decision.bounds.min,
    max: decision.bounds.max,
    windowSeconds: { up: policy.up.stabilizationSeconds, down: policy.down.stabilizationSeconds },
    reason: decision.reason,
    explanation,
    desired: decision.desired,
    conditions: conditions.map(({ sinceMs, ...condition }) => ({
      ...condition,
      since: new Date(sinceMs).toISOString(),
    })),
    lastLook: new Date(atMs).toISOString(),
    nextLook: new Date(nextLookMs).toISOString(),
  };
}
