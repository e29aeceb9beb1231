import { formatIssue, type Issue, type Step } from '@docker-flow/labels';
import { smallest, type ScalePolicy, type Sourced } from './scaling/scale-policy.js';
import type { TargetView } from './autoscaling/look/target-view.js';
import type { ServiceMemory } from './service-memory.js';

/** What is shown of one service that can scale, in the API and on the page. Times are ISO, durations seconds. */
export interface ServiceView {
  readonly id: string;
  readonly name: string;
  readonly stack: string | undefined;
  readonly replicas: { readonly wanted: number; readonly running: number | undefined };
  readonly min: Sourced<number>;
  readonly max: Sourced<number>;
  readonly upBy: Sourced<string>;
  readonly downBy: Sourced<string>;
  readonly cooldownSeconds: { readonly up: Sourced<number>; readonly down: Sourced<number> };
  readonly cooldownRemainingSeconds: { readonly up: number; readonly down: number };
  readonly paused: boolean;
  readonly restore: boolean;
  /** Somebody else took it to 0; it stays there. */
  readonly stopped: boolean;
  /** What of its labels cannot be read or makes no sense, for people. */
  readonly issues: readonly string[];
  /** How it is scaled on targets; absent when it is not. */
  readonly target: TargetView | undefined;
  readonly updateState: string | undefined;
  /** The count the scaler has put in force; absent when nobody or somebody else did. */
  readonly inForce: number | undefined;
  readonly lastChange:
    { readonly at: string; readonly from: number; readonly to: number; readonly reason: string } | undefined;
}

export interface ServiceFacts {
  readonly id: string;
  readonly name: string;
  readonly stack: string | undefined;
  readonly replicas: number;
  readonly runningTasks: number | undefined;
  readonly updateState: string | undefined;
}

export function buildServiceView(
  service: ServiceFacts,
  { policy, issues }: { readonly policy: ScalePolicy; readonly issues: readonly Issue[] },
  memory: ServiceMemory | undefined,
  target: TargetView | undefined,
  nowMs: number,
): ServiceView {
  const change = memory?.lastChange;
  function remaining({ value: cooldownMs }: Sourced<number>): number {
    if (change === undefined) return 0;
    return Math.max(0, Math.ceil((cooldownMs - Math.abs(nowMs - change.atMs)) / 1_000));
  }
  return {
    id: service.id,
    name: service.name,
    stack: service.stack,
    replicas: { wanted: service.replicas, running: service.runningTasks },
    min: smallest(policy),
    max: policy.max,
    upBy: showStep(policy.upBy),
    downBy: showStep(policy.downBy),
    cooldownSeconds: { up: inSeconds(policy.upCooldownMs), down: inSeconds(policy.downCooldownMs) },
    cooldownRemainingSeconds: { up: remaining(policy.upCooldownMs), down: remaining(policy.downCooldownMs) },
    paused: policy.paused.value,
    restore: policy.restore.value,
    stopped: service.replicas === 0 && memory?.stopped === true,
    issues: issues.map(formatIssue),
    target,
    updateState: service.updateState,
    inForce: memory?.inForce?.replicas,
    lastChange:
      change === undefined
        ? undefined
        : {
            at: new Date(change.atMs).toISOString(),
            from: change.from,
            to: change.to,
            reason: change.reason,
          },
  };
}

function showStep({ value, from }: Sourced<Step>): Sourced<string> {
  return { value: value.unit === 'percent' ? `${value.size}%` : String(value.size), from };
}

function inSeconds({ value, from }: Sourced<number>): Sourced<number> {
  return { value: value / 1_000, from };
}
