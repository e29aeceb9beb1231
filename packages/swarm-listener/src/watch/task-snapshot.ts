import { isServing } from '../core/services/convergence.js';
import { hasNodeInfo, nodeInfoOf, type NodeInfoMode } from '../core/services/node-info.js';
import type { Observation } from '../core/services/service-model.js';
import type { NodesById, SwarmNode, SwarmService, SwarmTask } from '../core/services/swarm-objects.js';
import type { Docker, TaskQuery } from '../ports.js';

/** With more services than this, asking for all tasks is cheaper than naming each service. */
const MAX_NAMED_SERVICES = 100;

/** Where things run, of some services at one moment. */
export interface TaskSnapshot {
  readonly tasksOf: (serviceId: string) => readonly SwarmTask[];
  readonly nodes: NodesById;
}

export function nodesById(nodes: readonly SwarmNode[]): NodesById {
  return new Map(nodes.map((node) => [node.id, node]));
}

/**
 * Tasks of these services, by service.
 *
 * @throws {UpstreamError}
 */
export async function listTasksOf(
  docker: Docker,
  serviceIds: readonly string[],
  which: TaskQuery['which'],
): Promise<(serviceId: string) => readonly SwarmTask[]> {
  const byService = new Map<string, SwarmTask[]>();
  for (const task of serviceIds.length === 0 ? [] : await someTasks(docker, serviceIds, which)) {
    const siblings = byService.get(task.serviceId);
    if (siblings) siblings.push(task);
    else byService.set(task.serviceId, [task]);
  }
  return (serviceId) => byService.get(serviceId) ?? [];
}

async function someTasks(
  docker: Docker,
  serviceIds: readonly string[],
  which: TaskQuery['which'],
): Promise<readonly SwarmTask[]> {
  if (serviceIds.length > MAX_NAMED_SERVICES) return docker.listTasks({ which });
  try {
    return await docker.listTasks({ which, serviceIds });
  } catch (error) {
    // One service that has gone meanwhile makes Docker refuse the whole question with 404.
    if ((error as { details?: unknown }).details !== 404) throw error;
    return docker.listTasks({ which });
  }
}

/** @throws {UpstreamError} */
export async function listTasksAndNodes(
  docker: Docker,
  serviceIds: readonly string[],
): Promise<TaskSnapshot> {
  const [tasksOf, nodes] = await Promise.all([
    listTasksOf(docker, serviceIds, 'serving'),
    docker.listNodes(),
  ]);
  return { tasksOf, nodes: nodesById(nodes) };
}

/** What the tasks say of one service. */
export type Observations = (service: SwarmService, taskSnapshot: TaskSnapshot) => Required<Observation>;

/**
 * For those who look at everything again and again: what has not changed comes from Docker as the same objects, and
 * then what was found out the last time, the very same value, still holds.
 */
export function memoizeObservations(mode: NodeInfoMode): Observations {
  const known = new WeakMap<
    SwarmService,
    {
      readonly tasks: readonly SwarmTask[];
      readonly nodes: readonly (SwarmNode | undefined)[];
      readonly observation: Required<Observation>;
    }
  >();
  return (service, taskSnapshot) => {
    const tasks = taskSnapshot.tasksOf(service.id);
    const nodes = tasks.map(({ nodeId }) => taskSnapshot.nodes.get(nodeId));
    const before = known.get(service);
    if (before && sameItems(before.tasks, tasks) && sameItems(before.nodes, nodes)) return before.observation;
    const observation = observationOf(service, taskSnapshot, mode);
    known.set(service, { tasks, nodes, observation });
    return observation;
  };
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** What the tasks say of one service. */
export function observationOf(
  service: SwarmService,
  taskSnapshot: TaskSnapshot,
  mode: NodeInfoMode,
): Required<Observation> {
  const tasks = taskSnapshot.tasksOf(service.id);
  return {
    service,
    serving: isServing(service, tasks, taskSnapshot.nodes),
    nodeInfo: { value: nodeInfoOf(service, tasks, taskSnapshot.nodes, mode) },
  };
}

/** A service as seen alone: its tasks are only asked for when they are sent. */
export async function observeTasks(
  docker: Docker,
  service: SwarmService,
  mode: NodeInfoMode,
): Promise<Observation> {
  if (!hasNodeInfo(service, mode)) return { service };
  const { nodeInfo } = observationOf(service, await listTasksAndNodes(docker, [service.id]), mode);
  return { service, nodeInfo };
}
