import path from 'node:path';
import {
  createEngineClient,
  type EngineAnswer,
  type EngineClient,
  type EngineNode,
  type EngineTask,
} from '@docker-flow/testkit';
import { createDockerCli, type DockerCli } from '../../../harness/swarm/docker-cli.js';
import { until } from '../../../harness/until.js';

/** One machine of the cluster, reached through its own Docker socket whatever its network does. */
export interface ClusterNode {
  /** For scripts/swarm-cluster. */
  readonly number: number;
  readonly address: string;
  readonly engine: EngineClient;
  readonly docker: DockerCli;
  /** Where its containers write their logs, on this machine. */
  readonly containersDir: string;
}

export interface Nodes {
  readonly all: readonly ClusterNode[];
  /** The nodes as the Swarm knows them, from a manager that knows of a leader. */
  readonly list: () => Promise<readonly EngineNode[]>;
  /** A call to whichever manager answers it well; the last refusal when none does. */
  readonly ask: (method: string, path: string, body?: object) => Promise<EngineAnswer>;
}

/** From the variables of `scripts/swarm-cluster env`. */
export function nodesFromEnvironment(environment: NodeJS.ProcessEnv): Nodes {
  const count = Number(environment['DF_CLUSTER_NODES'] ?? 0);
  const all = Array.from({ length: count }, (_, i): ClusterNode => {
    const socket = environment[`DF_NODE_${i + 1}_SOCKET`] ?? '';
    return {
      number: i + 1,
      address: environment[`DF_NODE_${i + 1}`] ?? '',
      engine: createEngineClient(`unix://${socket}`, { timeoutMs: 10_000 }),
      docker: createDockerCli(`unix://${socket}`),
      containersDir: path.join(path.dirname(socket), 'root/containers'),
    };
  });

  async function ask(method: string, target: string, body?: object): Promise<EngineAnswer> {
    let refusal: EngineAnswer = { status: 0, text: 'no engine answers', body: undefined };
    for (const { engine } of all) {
      const answer = await engine.call(method, target, body).catch(() => undefined);
      if (answer && answer.status < 400) return answer;
      // 503 is what workers say of themselves.
      if (answer && answer.status !== 503) refusal = answer;
    }
    return refusal;
  }

  async function list(): Promise<readonly EngineNode[]> {
    for (const { engine } of all) {
      const answer = await engine.call('GET', '/nodes').catch(() => undefined);
      const nodes = answer?.status === 200 ? (answer.body as readonly EngineNode[]) : [];
      if (nodes.some((node) => node.ManagerStatus?.Leader === true)) return nodes;
    }
    throw new Error('no manager knows a leader');
  }

  return { all, list, ask };
}

/**
 * A list from whichever manager gives one.
 *
 * @throws {Error} with the last refusal when none does
 */
export async function listFrom<T>({ ask }: Pick<Nodes, 'ask'>, target: string): Promise<readonly T[]> {
  const { status, text, body } = await ask('GET', target);
  if (status !== 200) throw new Error(`Docker: ${target}: ${status} ${text}`);
  return body as readonly T[];
}

/** The number of a node: host names are `cluster-1`, `cluster-2` … */
export function numberOf({ Description: { Hostname: name } }: EngineNode): number {
  return Number(name.split('-').at(-1));
}

/** Where a task is reached on a network; `undefined` when it does not run, or is not on it. */
export function runningAddress(task: EngineTask, network: string): string | undefined {
  return runningAddresses(task).get(network);
}

/** Where a task that runs is reached, by the name of the network. */
export function runningAddresses(task: EngineTask): ReadonlyMap<string, string> {
  if (task.DesiredState !== 'running' || task.Status.State !== 'running') return new Map();
  return new Map(
    (task.NetworksAttachments ?? []).flatMap(({ Network: network, Addresses: addresses }) => {
      const address = addresses?.[0]?.split('/')[0];
      return address === undefined ? [] : [[network.Spec.Name, address] as const];
    }),
  );
}

/** Waits until all nodes are ready and there is a leader. */
export async function allNodesReady(nodes: Nodes): Promise<void> {
  await until('all nodes ready', async () => {
    const late = await lateNodes(nodes);
    return late.length === 0
      ? { done: true }
      : { notYet: late.map((node) => `${node.Description.Hostname} is ${node.Status.State}`).join(', ') };
  });
}

/** Nodes that are not ready. @throws when there is no leader, or a node is not listed */
export async function lateNodes(nodes: Nodes): Promise<readonly EngineNode[]> {
  const list = await nodes.list();
  if (list.length !== nodes.all.length)
    throw new Error(`${list.length} of ${nodes.all.length} nodes are listed`);
  return list.filter(({ Status: status }) => status.State !== 'ready');
}
