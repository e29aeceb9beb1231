// cluster: --nodes 1
// images: loop
// when: asked, because it has not run ten times
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createProgress } from '../harness/progress.js';
import { startScaler, type ScalerProcess } from '../harness/programs/scaler-process.js';
import { startMonitoredSwarm, MONITOR, type MonitoredSwarm } from '../harness/prometheus/monitored-swarm.js';
import { clusterFromEnvironment } from '../harness/swarm/cluster.js';
import { createDockerCli } from '../harness/swarm/docker-cli.js';
import { ownImage } from '../harness/swarm/own-image.js';
import { wantedReplicas } from '../harness/swarm/stack.js';
import { until } from '../harness/until.js';

/**
 * A service is scaled on a target: real Swarm, real Prometheus, CPU of real tasks, joined by their addresses. There is
 * no cAdvisor on these nodes, which have no images but ours, so the demo tells its CPU itself.
 */

const cluster = clusterFromEnvironment(process.env);
const docker = createDockerCli(cluster.dockerHost);
const root = path.join(cluster.stacksDir, '..');
const image = ownImage('demo');
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const SERVICE = 'shop_web';
const [MIN, MAX] = [2, 6];

let directory: string;
let swarm: MonitoredSwarm;
let scaler: ScalerProcess;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'scaler-target-'));
  swarm = await startMonitoredSwarm(cluster, docker, '0');
  await deploy();
  scaler = await startScaler(root, {
    DOCKER_HOST: cluster.dockerHost,
    SCALE_INTERVAL: '2s',
    PROMETHEUS_URL: `http://${cluster.address}:9090`,
    SCALER_STATE_FILE: path.join(directory, 'state.json'),
  });
});

afterAll(async () => {
  await scaler.stop();
  for (const stack of ['shop', 'load']) await docker.run(['stack', 'rm', stack]).catch(() => '');
  await swarm.close();
  await rm(directory, { recursive: true, force: true });
});

async function deployFile(stack: string, text: string): Promise<void> {
  const file = path.join(directory, `${stack}.yml`);
  await writeFile(file, text);
  await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', file, stack]);
}

const ENDPOINT = cluster.hasIpvs ? 'vip' : 'dnsrr';
const NETWORKS = 'networks:\n  monitor:\n    external: true\n';

/** As a person does, again and again: the file asks for two replicas. */
function deploy(): Promise<void> {
  const labels = [
    'com.df.notify=true',
    'com.df.scrapePort=8080',
    'com.df.scrapeNetwork=monitor',
    `com.df.scaleMin=${MIN}`,
    `com.df.scaleMax=${MAX}`,
    `com.df.scaleOn=rate(process_cpu_seconds_total{job="${SERVICE}"}[10s])`,
    'com.df.scalePer=task',
    'com.df.scaleTarget=0.03',
    'com.df.scaleDownWindow=15s',
  ];
  return deployFile(
    'shop',
    `version: "3.8"
services:
  web:
    image: ${image}
    networks: [monitor]
    environment: [SERVICE_NAME=${SERVICE}]
    deploy:
      endpoint_mode: ${ENDPOINT}
      replicas: ${MIN}
      labels: ${JSON.stringify(labels)}
${NETWORKS}`,
  );
}

/** A task of its own that asks as often as it can, and keeps no connection: DNS leads it to all tasks. */
function startLoad(): Promise<void> {
  const ask = `const ask = async () => { for (;;) { try { const answer = await fetch('http://web:8080/demo/hello', { headers: { connection: 'close' } }); await answer.text(); } catch { await new Promise((resolve) => setTimeout(resolve, 100)); } } }; for (let i = 0; i < 8; i += 1) ask();`;
  return deployFile(
    'load',
    `version: "3.8"
services:
  caller:
    image: ${image}
    entrypoint: ["node", "-e", ${JSON.stringify(ask)}]
    networks: [monitor]
    deploy:
      endpoint_mode: ${ENDPOINT}
${NETWORKS}`,
  );
}

interface Shown {
  readonly target?: {
    readonly reason: string;
    readonly explanation: string;
    readonly lastLook: string;
    readonly conditions: readonly { readonly reason: string; readonly status: boolean }[];
  };
}

async function shown(): Promise<NonNullable<Shown['target']>> {
  const answer = await fetch(`${scaler.url}/v1/services`);
  const { services } = (await answer.json()) as { services: (Shown & { name: string })[] };
  const target = services.find(({ name }) => name === SERVICE)?.target;
  if (!target) throw new Error(`${SERVICE} is not scaled on a target`);
  return target;
}

async function becomes(what: string, isSo: (replicas: number) => boolean): Promise<number> {
  return until(what, async () => {
    const replicas = await wantedReplicas(docker, SERVICE);
    if (isSo(replicas)) return { done: replicas };
    const { reason, explanation } = await shown();
    return { notYet: `${replicas} replicas, ${reason}: ${explanation}` };
  });
}

/** Waits for so many looks more. */
async function looks(count: number): Promise<void> {
  const seen = new Set<string>();
  await until(`${count} looks`, async () => {
    seen.add((await shown()).lastLook);
    return seen.size > count ? { done: true } : { notYet: `${seen.size}` };
  });
}

async function reasonIs(reason: string): Promise<void> {
  await until(reason, async () => {
    const { conditions } = await shown();
    return conditions.some((one) => one.reason === reason)
      ? { done: true }
      : { notYet: conditions.map((one) => one.reason).join() };
  });
}

test('load: more replicas, in proportion and not one by one', async () => {
  await reasonIs('ValidMetricFound');
  await startLoad();
  await becomes('load makes the service larger', (replicas) => replicas === MAX);
  const changes = (await scaler.activities()).filter(({ outcome }) => outcome === 'scaled');
  progress.note(changes.map(({ message, explanation }) => `${message} (${explanation})`).join('\n'));
  expect(changes.length).toBeLessThan(MAX - MIN);
});

test('a redeploy in between changes nothing', async () => {
  await deploy();
  await becomes('the count is put back', (replicas) => replicas === MAX);
  expect((await scaler.activities())[0]).toMatchObject({ service: SERVICE, outcome: 'restored' });
});

test('Prometheus is gone and the load, too: nothing falls', async () => {
  await docker.run(['service', 'scale', '--detach', `${MONITOR}=0`]);
  await reasonIs('FailedGetMetrics');
  await docker.run(['stack', 'rm', 'load']);
  await looks(12);
  expect(await wantedReplicas(docker, SERVICE)).toBe(MAX);
});

test('Prometheus is back, without load: down to the minimum, after the window', async () => {
  await docker.run(['service', 'scale', '--detach', `${MONITOR}=1`]);
  await becomes('the service becomes small again', (replicas) => replicas === MIN);
});
