// cluster: --nodes 1
// images: loop
// when: ci
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHangingRelay, type HangingRelay } from '../../harness/hanging-relay.js';
import { createProgress } from '../../harness/progress.js';
import { startScaler, type ScalerProcess } from '../../harness/programs/scaler-process.js';
import { targetLooks } from '../../harness/programs/target-looks.js';
import {
  startMonitoredSwarm,
  MONITOR,
  type MonitoredSwarm,
} from '../../harness/prometheus/monitored-swarm.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { createDockerCli } from '../../harness/swarm/docker-cli.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { wantedReplicas } from '../../harness/swarm/stack.js';
import { until } from '../../harness/until.js';

/**
 * Services are scaled on targets: real Swarm, real Prometheus, CPU of real tasks, joined by their addresses. The demo tells its CPU
 * itself; `@cpu`, which cAdvisor measures, is in docs/target-tutorial.e2e.ts. What is scaled on requests is in scaler-requests.e2e.ts.
 */

const cluster = clusterFromEnvironment(process.env);
const docker = createDockerCli(cluster.dockerHost);
const root = path.join(cluster.stacksDir, '..');
const image = ownImage('demo');
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const MINUTE_MS = 60_000;
const [MIN, MAX] = [2, 6];
/** Cores for each task: a fraction of what the load takes also where processes wait for a core, and a multiple of what none takes. */
const TARGET = 0.015;
/** Short, so that load is seen as what it is at the next look. */
const RANGE = '5s';
/** How many the schedule wants while it is open. */
const OPEN_MIN = 3;

/** When the schedule opens, for one minute; whatever else is tested goes on meanwhile. */
let opensAtMs: number;
let directory: string;
let swarm: MonitoredSwarm;
let relay: HangingRelay;
let scaler: ScalerProcess;
const web = targetLooks(docker, () => scaler, 'shop_web');
const worker = targetLooks(docker, () => scaler, 'shop_worker');
const night = targetLooks(docker, () => scaler, 'shop_night');

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'scaler-target-'));
  swarm = await startMonitoredSwarm(cluster, docker, '0');
  opensAtMs = (Math.floor(Date.now() / MINUTE_MS) + 2) * MINUTE_MS;
  await deploy();
  relay = await startHangingRelay({ target: `http://${cluster.address}:9090` });
  scaler = await startScaler(root, {
    DOCKER_HOST: cluster.dockerHost,
    SCALE_INTERVAL: '3s',
    PROMETHEUS_URL: relay.url,
    SCALER_STATE_FILE: path.join(directory, 'state.json'),
  });
});

afterAll(async () => {
  await scaler.stop();
  await relay.close();
  for (const stack of ['shop', 'load', 'visitors']) await docker.run(['stack', 'rm', stack]).catch(() => '');
  await swarm.close();
  await rm(directory, { recursive: true, force: true });
});

async function deployFile(stack: string, services: string): Promise<void> {
  const file = path.join(directory, `${stack}.yml`);
  await writeFile(file, `version: "3.8"\nservices:\n${services}networks:\n  monitor:\n    external: true\n`);
  await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', file, stack]);
}

const ENDPOINT = cluster.hasIpvs ? 'vip' : 'dnsrr';

function serviceOf(name: string, replicas: number, labels: readonly string[], command = ''): string {
  return `  ${name}:
    image: ${image}
    networks: [monitor]
    environment: [SERVICE_NAME=shop_${name}]
    healthcheck: {disable: true}
${command}
    deploy:
      endpoint_mode: ${ENDPOINT}
      replicas: ${replicas}
      labels: ${JSON.stringify(labels.map((label) => `com.df.${label}`))}
`;
}

/** The same minute and hour every day, in UTC. */
function cron(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
}

/** As a person does, again and again: the file asks for the same replicas each time. */
function deploy(): Promise<void> {
  const scraped = ['notify=true', 'scrapePort=8080', 'scrapeNetwork=monitor'];
  const visitors = 'sum(rate(http_server_resp_time_count{job="shop_web",path="/demo/person"}[10s]))';
  return deployFile(
    'shop',
    [
      serviceOf('web', MIN, [
        ...[...scraped, `scaleMin=${MIN}`, `scaleMax=${MAX}`, `scaleTarget=${TARGET}`, 'scalePer=task'],
        `scaleOn=rate(process_cpu_seconds_total{job="shop_web"}[${RANGE}])`,
        'scaleDownWindow=15s',
      ]),
      serviceOf('worker', 1, [
        ...['notify=true', 'scaleMax=2', `scaleOn=${visitors}`, 'scaleTarget=1000', 'scaleActivation=1'],
        ...['scaleEmpty=zero', 'scaleToZero=true', 'scaleZeroCooldown=10s'],
      ]),
      serviceOf('night', 1, [
        ...['notify=true', 'scaleMin=1', 'scaleOn=vector(1)', 'scaleTarget=100', 'scaleDownWindow=0s'],
        ...[`scaleScheduleStart=${cron(opensAtMs)}`, `scaleScheduleEnd=${cron(opensAtMs + MINUTE_MS)}`],
        `scaleScheduleMin=${OPEN_MIN}`,
      ]),
    ].join(''),
  );
}

/** A task that asks again and again, and keeps no connection: DNS leads it to all tasks. */
function startAsking(stack: string, target: string, clients: number, pauseMs: number): Promise<void> {
  const ask = `const ask = async () => { for (;;) { try { const answer = await fetch('http://web:8080${target}', { headers: { connection: 'close' } }); await answer.text(); } catch { await new Promise((resolve) => setTimeout(resolve, 100)); } await new Promise((resolve) => setTimeout(resolve, ${pauseMs})); } }; for (let i = 0; i < ${clients}; i += 1) ask(); process.on('SIGTERM', () => process.exit());`;
  const entrypoint = `    entrypoint: ["node", "-e", ${JSON.stringify(ask)}]`;
  return deployFile(stack, serviceOf('caller', 1, [], entrypoint));
}

test('load: more replicas, in proportion and not one by one', async () => {
  await web.reasonIs('ValidMetricFound');
  // Metrics cost the service more than whoever asks for them, so one caller is enough also on a busy machine.
  await startAsking('load', '/metrics', 8, 0);
  await web.becomes('load makes the service larger', (replicas) => replicas === MAX);
  const steps = await web.steps();
  progress.note(steps.map(({ from, to }) => `${from} to ${to}`).join(', '));
  expect(Math.max(...steps.map(({ from, to }) => to - from))).toBeGreaterThanOrEqual(2);
});

test('a redeploy in between changes nothing', async () => {
  const sinceMs = Date.now();
  await deploy();
  await web.restoredSince(sinceMs);
  expect(await web.becomes('the count is put back', (replicas) => replicas > MIN)).toBeGreaterThan(MIN);
});

/** Counts from when nothing can be measured any more, and some looks later; what was measured before may have been anything. */
async function countsWithoutMetrics(): Promise<readonly [before: number, after: number]> {
  await web.reasonIs('FailedGetMetrics');
  const before = await wantedReplicas(docker, 'shop_web');
  await web.looks(8);
  return [before, await wantedReplicas(docker, 'shop_web')];
}

test('Prometheus hangs: nothing falls', async () => {
  relay.hang(true);
  const [before, after] = await countsWithoutMetrics().finally(() => relay.hang(false));
  expect(before).toBeGreaterThan(MIN);
  expect(after).toBe(before);
  await web.reasonIs('ValidMetricFound');
});

test('Prometheus is killed and stays away, and the load is gone, too: nothing falls', async () => {
  await web.becomes('the load is measured again', (replicas) => replicas === MAX);
  const container = await swarm.container(MONITOR);
  // In this order, or Swarm starts another one, which sees for a moment that the load is gone.
  await docker.run(['service', 'scale', '--detach', `${MONITOR}=0`]);
  await docker.run(['kill', container]).catch(() => progress.note('Swarm was faster than the kill'));
  await until('Prometheus is gone', async () => {
    const left = await docker.run(['ps', '-q', '--filter', `label=com.docker.swarm.service.name=${MONITOR}`]);
    return left.trim() === '' ? { done: true } : { notYet: left };
  });
  await docker.run(['stack', 'rm', 'load']);
  const [before, after] = await countsWithoutMetrics().finally(() =>
    docker.run(['service', 'scale', '--detach', `${MONITOR}=1`]),
  );
  expect(before).toBeGreaterThan(MIN);
  expect(after).toBe(before);
});

test('Prometheus is back, without load: down to the minimum', async () => {
  const small = await web.becomes('the service becomes small again', (replicas) => replicas === MIN);
  expect(small).toBe(MIN);
});

test('to zero while nothing is active, and back by activation', async () => {
  await worker.becomes('nobody visits: the worker sleeps', (replicas) => replicas === 0);
  await startAsking('visitors', '/demo/person', 1, 100);
  const awake = await worker.becomes('somebody visits: the worker is awake', (replicas) => replicas > 0);
  expect(awake).toBe(1);
  await docker.run(['stack', 'rm', 'visitors']);
  await worker.becomes('nobody visits any more: the worker sleeps again', (replicas) => replicas === 0);
});

test('a schedule opens and closes at its minute', async () => {
  const steps = await until('the schedule was open and has closed', async () => {
    const taken = await night.steps();
    return taken.length >= 2 ? { done: taken } : { notYet: JSON.stringify(taken) };
  });
  const [opened, closed] = steps;
  expect(steps.map(({ from, to }) => [from, to])).toEqual([
    [1, OPEN_MIN],
    [OPEN_MIN, 1],
  ]);
  expect(opened?.atMs).toBeGreaterThanOrEqual(opensAtMs);
  expect(opened?.atMs).toBeLessThan(opensAtMs + MINUTE_MS);
  expect(closed?.atMs).toBeGreaterThanOrEqual(opensAtMs + MINUTE_MS);
});
