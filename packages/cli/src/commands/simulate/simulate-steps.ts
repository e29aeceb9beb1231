import { afterWrite, decide, type Decision } from '@docker-flow/scaler/core/autoscaling/decide';
import type { Memory } from '@docker-flow/scaler/core/autoscaling/memory';
import type { Policy } from '@docker-flow/scaler/core/autoscaling/policy/policy';
import type { SimulationStep } from './simulation-case.js';

/** Decides step by step, each with what the steps before it have left behind. */
export function simulateSteps(
  policy: Policy,
  memory: Memory,
  steps: readonly SimulationStep[],
): readonly Decision[] {
  let kept = memory;
  return steps.map((step) => {
    const decision = decide(policy, kept, step);
    kept = step.applied === false ? decision.memory : afterWrite(decision, step.current, step.at);
    return decision;
  });
}
