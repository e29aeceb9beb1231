import type { Task } from '../observation.js';
import type { Metric, Readiness } from '../policy/policy.js';

/** A task with its sample. */
export interface CountedTask {
  readonly task: Task;
  readonly sample: number;
}

/** The tasks of a service, by what they are worth for one metric. Tasks that fail or go are in no group. */
export interface TaskGroups {
  readonly counted: readonly CountedTask[];
  readonly missing: readonly Task[];
  readonly unready: readonly Task[];
}

/** `groupPods` of Kubernetes' `replica_calculator.go`. */
export function groupTasks(tasks: readonly Task[], metric: Metric, readiness: Readiness): TaskGroups {
  const counted: CountedTask[] = [];
  const missing: Task[] = [];
  const unready: Task[] = [];
  for (const task of tasks) {
    if (task.state === 'removed' || task.state === 'failed') continue;
    const sample = task.samples?.[metric.name];
    if (task.state === 'pending') unready.push(task);
    else if (typeof sample !== 'number' || !Number.isFinite(sample)) missing.push(task);
    else if (metric.resource === 'cpu' && isStarting(task, metric.windowSeconds, readiness))
      unready.push(task);
    else counted.push({ task, sample });
  }
  return { counted, missing, unready };
}

/** Whether the CPU of a task still says more about its start than about its load. */
function isStarting(task: Task, windowSeconds: number, readiness: Readiness): boolean {
  const age = task.startedSecondsAgo;
  const since = task.readyChangedSecondsAgo ?? age;
  if (typeof age !== 'number' || typeof since !== 'number' || typeof task.ready !== 'boolean') return true;
  if (age < readiness.cpuInitializationSeconds)
    return !task.ready || since - (task.sampleSecondsAgo ?? 0) < windowSeconds;
  return !task.ready && since > age - readiness.initialReadinessDelaySeconds;
}
