import type { EngineService, EngineTask } from '@docker-flow/testkit';
import {
  lostNames,
  lostNameInWords,
  nodesOutOfStep,
  stillLost,
  type LostName,
  type NamesAtProxy,
  type RunningTask,
} from '../expect/lost-names.js';
import { containersOf, runInside } from './containers.js';
import { listFrom, numberOf, runningAddresses, type Nodes } from './nodes.js';

/** What Docker itself has lost: names of tasks that run. */
export interface LostByDocker {
  readonly nodes: readonly number[];
  readonly words: readonly string[];
}

/** The network on which proxies reach services. */
const PROXY_NETWORK = 'proxy';
const FIRST_LOOK_MS = 90_000;
const BETWEEN_LOOKS_MS = 20_000;

const LEAD = `
const { resolve4 } = require('node:dns/promises');
Promise.all(process.argv.slice(1).map(async (name) => [name, await resolve4('tasks.' + name).catch(() => [])]))
  .then((all) => process.stdout.write(JSON.stringify(all)));
`;

/**
 * Looks, while something has been wrong for long, whether names lead to the tasks that run. Docker 20.10 sometimes loses
 * those of a node whose network was away, for good; no program of ours could reach these tasks by their name.
 */
export function createNameWatch(nodes: Nodes) {
  const began = performance.now();
  let lookedAt = -Infinity;
  let before: readonly LostName[] = [];
  return {
    /** What two looks in a row have found; `undefined` when there is nothing, or it is too early to look. */
    async look(): Promise<LostByDocker | undefined> {
      const now = performance.now();
      if (now - began < FIRST_LOOK_MS || now - lookedAt < BETWEEN_LOOKS_MS) return undefined;
      lookedAt = now;
      const tasks = await runningTasks(nodes);
      const views = await namesAtProxies(nodes, [...new Set(tasks.map(({ service }) => service))]);
      const lost = lostNames(tasks, views);
      const still = stillLost(before, lost);
      before = lost;
      if (still.length === 0) return undefined;
      before = [];
      return { nodes: nodesOutOfStep(still, views), words: still.map(lostNameInWords) };
    },
  };
}

/** Of all services on the network, those of the stacks too: they find each other by name. */
async function runningTasks(nodes: Nodes): Promise<readonly RunningTask[]> {
  const [services, tasks, list] = await Promise.all([
    listFrom<EngineService>(nodes, '/services'),
    listFrom<EngineTask>(nodes, '/tasks'),
    nodes.list(),
  ]);
  const names = new Map(services.map((one) => [one.ID, one.Spec.Name]));
  const numbers = new Map(list.map((node) => [node.ID, numberOf(node)]));
  return tasks.flatMap((task) => {
    const service = names.get(task.ServiceID);
    const addresses = runningAddresses(task);
    const address = addresses.get(PROXY_NETWORK);
    if (address === undefined || service === undefined) return [];
    const elsewhere = [...addresses.values()].filter((one) => one !== address);
    return [{ service, address, elsewhere, node: numbers.get(task.NodeID ?? '') ?? 0 }];
  });
}

async function namesAtProxies(nodes: Nodes, services: readonly string[]): Promise<readonly NamesAtProxy[]> {
  const proxies = await containersOf(nodes, 'proxy');
  return Promise.all(
    proxies.map(async (container) => {
      const text = await runInside(container, LEAD, ...services);
      return {
        proxyNode: container.node.number,
        found: new Map(JSON.parse(text) as readonly (readonly [string, readonly string[]])[]),
      };
    }),
  );
}
