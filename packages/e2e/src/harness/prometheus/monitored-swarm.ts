import { setTimeout as pause } from 'node:timers/promises';
import Docker from 'dockerode';
import { expect } from '@jest/globals';
import type { TestCluster } from '../swarm/cluster.js';
import type { DockerCli } from '../swarm/docker-cli.js';
import { ownImage } from '../swarm/own-image.js';
import { readPrometheusState, type Labels, type PrometheusState, type Rule } from './prometheus-state.js';
import { createNetwork, deployStack, networkVariables, removeStacks } from '../swarm/stack.js';
import { until } from '../until.js';

export const MONITOR = 'monitor_monitor';
export const LISTENER = 'monitor_swarm-listener';
const NETWORK = 'monitor';
const PORT = 8080;

/** What the labels of all services ask of Prometheus. */
export interface Asked {
  /** Metric labels that the service itself gives to its targets, by service. */
  readonly jobs: Readonly<Record<string, Labels>>;
  readonly rules: Readonly<Record<string, Rule>>;
  /** What those alerts say that fire. */
  readonly firing: PrometheusState['firing'];
}

/** A Swarm with the listener, the monitor and services of the test, and what its Prometheus should say. */
export interface MonitoredSwarm {
  readonly docker: DockerCli;
  /** Creates a service of the demo image that is told to the monitor. */
  create(name: string, replicas: number, labels: Labels): Promise<void>;
  /** `docker service update` with these arguments. */
  update(service: string, ...args: readonly string[]): Promise<void>;
  /** Waits until Prometheus says exactly what is asked, and every target is up. */
  becomes(what: string, asked: Asked): Promise<void>;
  state(): Promise<PrometheusState>;
  /** Runs the work and answers every state that Prometheus was seen in meanwhile, each once, without health. */
  statesDuring(work: () => Promise<void>): Promise<readonly PrometheusState[]>;
  /** Id of the container of a service on the first node. */
  container(service: string): Promise<string>;
  /** Waits until a container has ended; answers its exit status. */
  exitStatus(container: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * Deploys the stack whose targets carry labels of services and nodes: the metric labels env, tier, role and zone.
 * `resyncInterval` is how often the monitor asks the listener by itself, 0 for never.
 */
export async function startMonitoredSwarm(
  cluster: TestCluster,
  docker: DockerCli,
  resyncInterval: string,
): Promise<MonitoredSwarm> {
  const engine = new Docker({ socketPath: cluster.dockerSocket });
  const prometheus = `http://${cluster.address}:9090`;
  const image = ownImage('demo');
  await createNetwork(docker, NETWORK);
  await deployStack(docker, cluster.stacksDir, 'docker-flow-monitor-flexible-labels.yml', 'monitor', {
    ...networkVariables(cluster.hasIpvs),
    DOCKER_SOCKET: cluster.dockerSocket,
    SERVICE_TARGET_LABELS: 'env,tier',
    NODE_TARGET_LABELS: 'role,zone',
    SCRAPE_INTERVAL: '1s',
    EVALUATION_INTERVAL: '1s',
  });
  await docker.run([
    ...['service', 'update', '--detach', '--no-resolve-image'],
    ...['--env-add', `DF_RESYNC_INTERVAL=${resyncInterval}`, MONITOR],
  ]);
  const created: string[] = [];

  /** One target for each task that Docker says is running, with the labels of its service and of its node. */
  async function targetsOf(service: string, own: Labels): Promise<readonly (readonly [string, Labels])[]> {
    const filters = JSON.stringify({ service: [service], 'desired-state': ['running'] });
    const tasks = (await engine.listTasks({ filters })) as Task[];
    return Promise.all(
      tasks.map(async (task) => {
        const node = (await engine.getNode(task.NodeID).inspect()) as Node;
        const attachment = task.NetworksAttachments?.find(({ Network }) => Network.Spec.Name === NETWORK);
        const address = attachment?.Addresses[0]?.replace(/\/.*/, '') ?? 'no address';
        const zone = node.Spec.Labels?.['com.df.zone'];
        const instance = `${address}:${PORT}`;
        const labels = {
          job: service,
          instance,
          service,
          node: node.Description.Hostname,
          role: node.Spec.Role,
          ...(zone === undefined ? {} : { zone }),
          ...own,
        };
        return [`${service} ${instance}`, { ...labels, health: 'up' }] as const;
      }),
    );
  }

  async function expected({ jobs, rules, firing }: Asked): Promise<PrometheusState> {
    const targets = await Promise.all(Object.entries(jobs).map(([service, own]) => targetsOf(service, own)));
    return { jobs: Object.keys(jobs).sort(), targets: Object.fromEntries(targets.flat()), rules, firing };
  }

  return {
    docker,
    async create(name, replicas, labels) {
      created.push(name);
      const all = { 'com.df.notify': 'true', 'com.df.scrapeNetwork': NETWORK, ...labels };
      await docker.run([
        ...['service', 'create', '--detach', '--no-resolve-image', '--name', name],
        ...['--replicas', String(replicas), '--network', NETWORK, '--env', `SERVICE_NAME=${name}`],
        ...(cluster.hasIpvs ? [] : ['--endpoint-mode', 'dnsrr']),
        ...Object.entries(all).flatMap(([label, value]) => ['--label', `${label}=${value}`]),
        image,
      ]);
    },
    async update(service, ...args) {
      await docker.run(['service', 'update', '--detach', '--no-resolve-image', ...args, service]);
    },
    async becomes(what, asked) {
      await until(`${what}: Prometheus says what the labels say`, async () => {
        expect(await readPrometheusState(prometheus)).toEqual(await expected(asked));
        return { done: true };
      });
    },
    state: () => readPrometheusState(prometheus),
    async statesDuring(work) {
      const seen = new Map<string, PrometheusState>();
      const watch = { isOver: false };
      async function look(): Promise<void> {
        const state = await readPrometheusState(prometheus).catch(() => undefined);
        if (state) seen.set(JSON.stringify(withoutHealth(state)), withoutHealth(state));
      }
      async function lookUntilOver(): Promise<void> {
        while (!watch.isOver) {
          await look();
          await pause(100);
        }
      }
      const watching = lookUntilOver();
      await work().finally(() => {
        watch.isOver = true;
      });
      await watching;
      return [...seen.values()];
    },
    container: (service) =>
      until(`a container of ${service} runs`, async () => {
        const [id] = (
          await docker.run(['ps', '-q', '--filter', `label=com.docker.swarm.service.name=${service}`])
        ).split('\n');
        return id ? { done: id } : { notYet: 'none' };
      }),
    exitStatus: (container) =>
      until(`container ${container} has ended`, async () => {
        const format = '{{.State.Running}} {{.State.ExitCode}}';
        const [running, status] = (await docker.run(['inspect', '--format', format, container]))
          .trim()
          .split(' ');
        return running === 'false' ? { done: Number(status) } : { notYet: 'it runs' };
      }),
    async close() {
      for (const name of created) await docker.run(['service', 'rm', name]).catch(() => '');
      await removeStacks(docker, ['monitor']);
    },
  };
}

function withoutHealth(state: PrometheusState): PrometheusState {
  const targets = Object.entries(state.targets).map(([key, labels]) => [
    key,
    Object.fromEntries(Object.entries(labels).filter(([name]) => name !== 'health')),
  ]);
  return { ...state, targets: Object.fromEntries(targets) as PrometheusState['targets'] };
}

interface Task {
  readonly NodeID: string;
  readonly NetworksAttachments?: readonly {
    readonly Network: { readonly Spec: { readonly Name: string } };
    readonly Addresses: readonly string[];
  }[];
}

interface Node {
  readonly Spec: { readonly Role: string; readonly Labels?: Labels };
  readonly Description: { readonly Hostname: string };
}
