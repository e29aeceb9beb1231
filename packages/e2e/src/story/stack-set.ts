import path from 'node:path';
import type { DockerCli } from '../harness/swarm/docker-cli.js';
import {
  allRunning,
  createNetwork,
  createSecret,
  deployStack,
  removeStacks,
  removeVolumes,
  type StackVariables,
} from '../harness/swarm/stack.js';
import { until } from '../harness/until.js';
import { alertmanagerConfig } from './alertmanager-config.js';
import type { Progress } from '../harness/progress.js';

/** Stack name, file and services, in the order in which they are deployed. */
const STACKS = [
  { name: 'proxy', file: 'docker-flow-proxy-mem.yml', services: ['proxy_proxy', 'proxy_swarm-listener'] },
  {
    name: 'monitor',
    file: 'docker-flow-monitor-slack.yml',
    services: ['monitor_monitor', 'monitor_alert-manager', 'monitor_swarm-listener'],
  },
  { name: 'scaler', file: 'scaler.yml', services: ['scaler_docker-guard', 'scaler_scaler'] },
  { name: 'dashboard', file: 'dashboard.yml', services: ['dashboard_dashboard'] },
  { name: 'go-demo', file: 'go-demo-instrument-alert-short.yml', services: ['go-demo_main'] },
] as const;

const NETWORKS = ['proxy', 'monitor'] as const;
const SECRET = 'alert_manager_config';

/** The tutorial's intervals, shortened so that the story fits into minutes. The labels stay as they are. */
const QUICK: StackVariables = { SCRAPE_INTERVAL: '2s', EVALUATION_INTERVAL: '2s', ALERT_FOR: '20s' };
/** The scaler's page leads to the dashboard. */
const DASHBOARD: StackVariables = { DASHBOARD_URL: '/flow/' };
const QUICK_ALERTMANAGER = { groupWait: '1s', groupInterval: '10s', repeatInterval: '30s' } as const;

/** Every stack of the set as `NAME=FILE`. */
export function stackFiles(stacksDir: string): readonly string[] {
  return STACKS.map(({ name, file }) => `${name}=${path.join(stacksDir, file)}`);
}

/** With these variables the stacks are deployed. */
export function stackVariables(variables: StackVariables): StackVariables {
  return { ...QUICK, ...DASHBOARD, ...variables };
}

export interface StackSet {
  readonly docker: DockerCli;
  readonly stacksDir: string;
  readonly variables: StackVariables;
}

/** Creates networks and the secret, deploys all stacks, and waits until every task runs. */
export async function deployAll(
  { docker, stacksDir, variables }: StackSet,
  progress: Progress,
  timeoutMs?: number,
): Promise<void> {
  for (const network of NETWORKS) await createNetwork(docker, network);
  await createSecret(docker, SECRET, alertmanagerConfig(QUICK_ALERTMANAGER));
  for (const { name, file } of STACKS) {
    progress.note(`docker stack deploy -c stacks/${file} ${name}`);
    await deployStack(docker, stacksDir, file, name, stackVariables(variables));
  }
  const services = STACKS.flatMap((stack) => stack.services);
  await allRunning(docker, services, timeoutMs, (reason) => progress.waiting(reason));
  progress.note(`${services.length} services run`);
}

/** Removes the stacks, their volumes, the networks and the secret. */
export async function removeAll(docker: DockerCli, timeoutMs = 10 * 60_000): Promise<void> {
  const names = STACKS.map((stack) => stack.name).reverse();
  await removeStacks(docker, names, timeoutMs);
  await removeVolumes(docker, names);
  const secrets = (await docker.run(['secret', 'ls', '--format', '{{.Name}}'])).split('\n');
  if (secrets.includes(SECRET)) await docker.run(['secret', 'rm', SECRET]);
  for (const network of NETWORKS) {
    await until(`network ${network} removed`, () => removeNetwork(docker, network), {
      timeoutMs,
      everyMs: 500,
    });
  }
}

async function removeNetwork(docker: DockerCli, name: string): Promise<{ done: true }> {
  const names = (await docker.run(['network', 'ls', '--format', '{{.Name}}'])).split('\n');
  if (names.includes(name)) await docker.run(['network', 'rm', name]);
  return { done: true };
}
