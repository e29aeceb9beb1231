import { afterWrite, decide, type Decision } from '@docker-flow/scaler/core/autoscaling/decide';
import { NO_MEMORY, type Memory } from '@docker-flow/scaler/core/autoscaling/memory';
import type { Policy } from '@docker-flow/scaler/core/autoscaling/policy/policy';
import { EVERY_TASK, type TraceStep } from './read-trace.js';

/** One look of a simulation. */
export interface SimulatedStep extends Pick<
  Decision,
  'desired' | 'reason' | 'limitedBy' | 'stabilized' | 'proposal' | 'metrics'
> {
  readonly at: number;
  readonly current: number;
}

/** Decides step by step. A step without a count goes on with what the step before it has decided. */
export function simulateTrace(
  policy: Policy,
  steps: readonly TraceStep[],
  { follow }: { readonly follow: boolean },
): readonly SimulatedStep[] {
  let memory: Memory = NO_MEMORY;
  let count: number | undefined;
  return steps.map((step) => {
    const recorded = follow && count !== undefined ? undefined : step.current;
    const current: number = recorded ?? count ?? Math.max(1, policy.min);
    const observation = { ...step, current, ...(step.tasks ? { tasks: eachOf(step.tasks, current) } : {}) };
    const decision = decide(policy, memory, observation);
    const isApplied = step.applied !== false;
    memory = isApplied ? afterWrite(decision, current, step.at) : decision.memory;
    count = isApplied ? decision.desired : current;
    const { desired, reason, limitedBy, stabilized, proposal, metrics } = decision;
    return { at: step.at, current, desired, reason, limitedBy, stabilized, proposal, metrics };
  });
}

function eachOf(tasks: NonNullable<TraceStep['tasks']>, count: number): NonNullable<TraceStep['tasks']> {
  return tasks.flatMap((task) =>
    task.id === EVERY_TASK ? Array.from({ length: count }, (_, i) => ({ ...task, id: `task-${i}` })) : [task],
  );
}
