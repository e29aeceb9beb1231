import { isServing } from '../core/services/convergence.js';
import { hasNodeInfo, nodeInfoOf, type NodeInfoMode } from '../core/services/node-info.js';
import type { Sight } from '../core/services/service-model.js';
import type { NodesById, SwarmNode, SwarmService, SwarmTask } from '../core/services/swarm-objects.js';
import type { Docker, TaskQuery } from '../ports.js';

/** With more services than this, asking for all tasks is cheaper than naming each service. */
const MAX_NAMED_SERVICES = 100;

/** Where things run, of some services at one moment. */
export interface Facts {
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
export async function gatherFacts(docker: Docker, serviceIds: readonly string[]): Promise<Facts> {
  const [tasksOf, nodes] = await Promise.all([
    listTasksOf(docker, serviceIds, 'serving'),
    docker.listNodes(),
  ]);
  return { tasksOf, nodes: nodesById(nodes) };
}

/** What facts say of one service. */
export type Sights = (service: SwarmService, facts: Facts) => Required<Sight>;

/**
 * For those who look at everything again and again: what has not changed comes from Docker as the same objects, and
 * then what was found out the last time, the very same value, still holds.
 */
export function createSights(mode: NodeInfoMode): Sights {
  const known = new WeakMap<
    SwarmService,
    {
      readonly tasks: readonly SwarmTask[];
      readonly nodes: readonly (SwarmNode | undefined)[];
      readonly sight: Required<Sight>;
    }
  >();
  return (service, facts) => {
    const tasks = facts.tasksOf(service.id);
    const nodes = tasks.map(({ nodeId }) => facts.nodes.get(nodeId));
    const before = known.get(service);
    if (before && sameItems(before.tasks, tasks) && sameItems(before.nodes, nodes)) return before.sight;
    const sight = sightOf(service, facts, mode);
    known.set(service, { tasks, nodes, sight });
    return sight;
  };
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** What the facts say of one service. */
export function sightOf(service: SwarmService, facts: Facts, mode: NodeInfoMode): Required<Sight> {
  const tasks = facts.tasksOf(service.id);
  return {
    service,
    serving: isServing(service, tasks, facts.nodes),
    nodeInfo: { value: nodeInfoOf(service, tasks, facts.nodes, mode) },
  };
}

/** A service as seen alone: its tasks are only asked for when they are sent. */
export async function lookAtTasks(docker: Docker, service: SwarmService, mode: NodeInfoMode): Promise<Sight> {
  if (!hasNodeInfo(service, mode)) return { service };
  const { nodeInfo } = sightOf(service, await gatherFacts(docker, [service.id]), mode);
  return { service, nodeInfo };
}
