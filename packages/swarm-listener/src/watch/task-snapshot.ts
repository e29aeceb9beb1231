import type { TaskSnapshot } from '../core/services/observation.js';
import type { NodesById, SwarmNode, SwarmTask } from '../core/services/swarm-objects.js';
import type { Swarm, TaskQuery } from '../ports.js';

/** With more services than this, asking for all tasks is cheaper than naming each service. */
const MAX_NAMED_SERVICES = 100;

type ListTasks = Swarm['listTasks'];

export function nodesById(nodes: readonly SwarmNode[]): NodesById {
  return new Map(nodes.map((node) => [node.id, node]));
}

/**
 * Tasks of these services, by service.
 *
 * @throws {UpstreamError}
 */
export async function listTasksOf(
  listTasks: ListTasks,
  serviceIds: readonly string[],
  which: TaskQuery['which'],
): Promise<(serviceId: string) => readonly SwarmTask[]> {
  const byService = new Map<string, SwarmTask[]>();
  for (const task of serviceIds.length === 0 ? [] : await someTasks(listTasks, serviceIds, which)) {
    const siblings = byService.get(task.serviceId);
    if (siblings) siblings.push(task);
    else byService.set(task.serviceId, [task]);
  }
  return (serviceId) => byService.get(serviceId) ?? [];
}

async function someTasks(
  listTasks: ListTasks,
  serviceIds: readonly string[],
  which: TaskQuery['which'],
): Promise<readonly SwarmTask[]> {
  if (serviceIds.length > MAX_NAMED_SERVICES) return listTasks({ which });
  try {
    return await listTasks({ which, serviceIds });
  } catch (error) {
    // One service that has gone meanwhile makes Docker refuse the whole question with 404.
    if ((error as { details?: unknown }).details !== 404) throw error;
    return listTasks({ which });
  }
}

/**
 * Where the tasks of these services run now. `list`: how tasks are listed, `listTasks` of the Swarm unless a somewhat
 * older list will do.
 *
 * @throws {UpstreamError}
 */
export async function listTasksAndNodes(
  swarm: Pick<Swarm, 'listTasks' | 'listNodes'>,
  serviceIds: readonly string[],
  list: ListTasks = swarm.listTasks,
): Promise<TaskSnapshot> {
  const [tasksOf, nodes] = await Promise.all([listTasksOf(list, serviceIds, 'serving'), swarm.listNodes()]);
  return { tasksOf, nodes: nodesById(nodes) };
}
