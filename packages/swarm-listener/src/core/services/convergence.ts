import { isRunning } from './node-info.js';
import { isActive, type NodesById, type SwarmService, type SwarmTask } from './swarm-objects.js';

const STATES = [
  'new',
  'allocated',
  'pending',
  'assigned',
  'accepted',
  'preparing',
  'ready',
  'starting',
  'running',
  'complete',
  'shutdown',
  'failed',
  'rejected',
];
const ORDER: ReadonlyMap<string, number> = new Map(STATES.map((state, index) => [state, index]));
const RUNNING = STATES.indexOf('running');

/**
 * Whether a service serves at all: some task that is wanted running runs on a node that is not down, also
 * one of an older version of the service; or nothing is wanted.
 */
export function isServing(service: SwarmService, tasks: readonly SwarmTask[], nodes: NodesById): boolean {
  if (service.mode === 'replicated' && (service.replicas ?? 0) === 0) return true;
  return tasks.some((task) => isRunning(task) && isActive(nodes, task.nodeId));
}

/**
 * Whether all wanted tasks run, as `docker service create` judges before it returns. `tasks` are those of
 * the newest version that are wanted running or accepted. Once converged, a replicated service stays so
 * until one of its counted tasks does not run.
 */
export function tasksConverged(
  service: SwarmService,
  tasks: readonly SwarmTask[],
  nodes: NodesById,
  before: boolean,
): boolean {
  return service.mode === 'global'
    ? globalConverged(tasks, nodes)
    : replicatedConverged(service, tasks, nodes, before);
}

function replicatedConverged(
  service: SwarmService,
  tasks: readonly SwarmTask[],
  nodes: NodesById,
  before: boolean,
): boolean {
  const placed = tasks.filter((task) => task.nodeId === '' || isActive(nodes, task.nodeId));
  const counted = [...earliest(placed, (task) => String(task.slot)).values()];
  const running = counted.filter(runsForGood).length;
  return running === (service.replicas ?? 0) || (before && running === counted.length);
}

function globalConverged(tasks: readonly SwarmTask[], nodes: NodesById): boolean {
  const counted = [...earliest(tasks, (task) => task.nodeId).values()];
  const running = counted.filter((task) => runsForGood(task) && isActive(nodes, task.nodeId)).length;
  return counted.length > 0 && running === counted.length;
}

function runsForGood(task: SwarmTask): boolean {
  return task.state === 'running' && (ORDER.get(task.desiredState) ?? Infinity) <= RUNNING;
}

/** Of the tasks in one place the one with the lowest desired state counts, then the lowest observed state. */
function earliest(
  tasks: readonly SwarmTask[],
  placeOf: (task: SwarmTask) => string,
): ReadonlyMap<string, SwarmTask> {
  const result = new Map<string, SwarmTask>();
  for (const task of tasks) {
    const [desired, observed] = [ORDER.get(task.desiredState), ORDER.get(task.state)];
    if (desired === undefined || observed === undefined) continue;
    const place = placeOf(task);
    const chosen = result.get(place);
    const difference = chosen
      ? desired - (ORDER.get(chosen.desiredState) ?? 0) || observed - (ORDER.get(chosen.state) ?? 0)
      : -1;
    if (difference < 0) result.set(place, task);
  }
  return result;
}

/** One wait for a service to converge. */
export interface Wait {
  readonly startedMs: number;
  /** Since when all tasks have been seen running; `undefined` while they do not. */
  readonly convergedSinceMs: number | undefined;
  /** A rollback that has ended is a stable state; only a wait that began with an event takes it as a failure. */
  readonly rollbackIsStable: boolean;
}

export type Verdict =
  | { readonly kind: 'waiting'; readonly wait: Wait }
  | { readonly kind: 'converged' }
  | { readonly kind: 'failed'; readonly reason: string };

/** One look at a service that is waited for. */
export function checkConvergence(
  wait: Wait,
  service: SwarmService,
  tasks: readonly SwarmTask[],
  nodes: NodesById,
  nowMs: number,
): Verdict {
  if (service.mode === 'other') return { kind: 'failed', reason: 'the service has no lasting tasks' };
  const seen = wait.convergedSinceMs !== undefined;
  const { updateState } = service;
  if (updateState === 'completed' && !seen) return { kind: 'converged' };
  if (updateState === 'paused' || updateState === 'rollback_paused')
    return { kind: 'failed', reason: `the update is ${updateState}` };
  if (updateState === 'rollback_completed' && !seen && !wait.rollbackIsStable)
    return { kind: 'failed', reason: 'the update was rolled back' };
  if (wait.convergedSinceMs !== undefined && nowMs - wait.convergedSinceMs >= service.stabilityWindowMs)
    return { kind: 'converged' };
  const converged = tasksConverged(service, tasks, nodes, seen);
  return {
    kind: 'waiting',
    wait: { ...wait, convergedSinceMs: converged ? (wait.convergedSinceMs ?? nowMs) : undefined },
  };
}
