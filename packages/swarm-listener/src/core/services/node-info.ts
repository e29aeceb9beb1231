import { LABEL_PREFIX, LISTENER_LABELS } from '@docker-flow/labels';
import type { NodesById, SwarmService, SwarmTask } from './swarm-objects.js';

/** Whether `nodeInfo` is sent, and whether with the addresses of the tasks. */
export type NodeInfoMode = 'off' | 'with addresses' | 'without addresses';

export const SCRAPE_NETWORK_LABEL = `${LABEL_PREFIX}${LISTENER_LABELS.scrapeNetwork.name}`;

/** Only services that name a scrape network have node information. */
export function hasNodeInfo(service: SwarmService, mode: NodeInfoMode): boolean {
  return mode !== 'off' && Object.hasOwn(service.labels, SCRAPE_NETWORK_LABEL);
}

/** A task that serves: wanted running, and running. */
export function isRunning(task: SwarmTask): boolean {
  return task.desiredState === 'running' && task.state === 'running';
}

/**
 * Where the running tasks of a service are: JSON of `[host name, address on the scrape network, node id]`,
 * each entry once, sorted, so that the same tasks give the same bytes. `undefined` when there is none.
 */
export function nodeInfoOf(
  service: SwarmService,
  tasks: readonly SwarmTask[],
  nodes: NodesById,
  mode: NodeInfoMode,
): string | undefined {
  if (!hasNodeInfo(service, mode)) return undefined;
  const network = service.labels[SCRAPE_NETWORK_LABEL];
  const entries = new Set<string>();
  for (const task of tasks) {
    const node = nodes.get(task.nodeId);
    if (!node || !isRunning(task)) continue;
    const address =
      mode === 'without addresses' ? '' : task.addresses.findLast((one) => one.network === network)?.address;
    if (address === undefined) continue;
    entries.add(JSON.stringify([node.hostname, address, node.id]));
  }
  return entries.size === 0 ? undefined : `[${[...entries].sort().join(',')}]`;
}
