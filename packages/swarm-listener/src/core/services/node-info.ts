import { ownLabel, SCRAPE_NETWORK_LABEL } from './own-labels.js';
import type { NodesById, SwarmService, SwarmTask } from './swarm-objects.js';

/** Whether `nodeInfo` is sent, and whether with the addresses of the tasks. */
export type NodeInfoMode = 'off' | 'with addresses' | 'without addresses';

/** Only services that name a scrape network have node information. */
export function hasNodeInfo(service: SwarmService, mode: NodeInfoMode): boolean {
  return mode !== 'off' && Object.hasOwn(service.labels, SCRAPE_NETWORK_LABEL);
}

/** A task that serves: it runs, and is wanted running, or, as a task of a job, running to its end. */
export function isRunning({ state, desiredState }: SwarmTask): boolean {
  return state === 'running' && (desiredState === 'running' || desiredState === 'complete');
}

/**
 * The address of a task on the scrape network. `docker stack deploy` puts the name of the stack before that of a
 * network, and people write the name in their file: it is meant where no network is called exactly so.
 */
function scrapeAddress({ labels, stack }: SwarmService, { addresses }: SwarmTask): string | undefined {
  const name = ownLabel(labels, SCRAPE_NETWORK_LABEL);
  const on = (network: string) => addresses.findLast((one) => one.network === network)?.address;
  if (name === undefined) return undefined;
  return on(name) ?? (stack === undefined ? undefined : on(`${stack}_${name}`));
}

/** The networks of the running tasks of a service, when none of them is its scrape network. */
export function otherNetworks(
  service: SwarmService,
  tasks: readonly SwarmTask[],
  mode: NodeInfoMode,
): readonly string[] {
  if (mode !== 'with addresses' || !hasNodeInfo(service, mode)) return [];
  const running = tasks.filter((task) => isRunning(task) && task.addresses.length > 0);
  if (running.some((task) => scrapeAddress(service, task) !== undefined)) return [];
  return [...new Set(running.flatMap(({ addresses }) => addresses.map(({ network }) => network)))].sort();
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
  const entries = new Set<string>();
  for (const task of tasks) {
    const node = nodes.get(task.nodeId);
    if (!node || !isRunning(task)) continue;
    const address = mode === 'without addresses' ? '' : scrapeAddress(service, task);
    if (address === undefined) continue;
    entries.add(JSON.stringify([node.hostname, address, node.id]));
  }
  return entries.size === 0 ? undefined : `[${[...entries].sort().join(',')}]`;
}
