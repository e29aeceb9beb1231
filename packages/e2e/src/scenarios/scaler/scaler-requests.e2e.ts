// cluster: --nodes 1
// images: loop
// when: ci
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createProgress } from '../../harness/progress.js';
import { startScaler, type ScalerProcess } from '../../harness/programs/scaler-process.js';
import { targetLooks } from '../../harness/programs/target-looks.js';
import { getStatus } from '../../harness/http-get.js';
import { startSteadyTraffic, type SteadyTraffic } from '../../harness/steady-traffic.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { deployShop } from '../../harness/swarm/deploy-shop.js';
import { createDockerCli } from '../../harness/swarm/docker-cli.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { patientStack } from '../../harness/swarm/patient-stack.js';
import { allRunning, createNetwork, networkVariables, removeStacks } from '../../harness/swarm/stack.js';
import { until } from '../../harness/until.js';

/**
 * A service behind the proxy is scaled on its requests, as the proxy counts them: it is not instrumented, and nothing but
 * the stacks of the tutorials is there.
 */

const cluster = clusterFromEnvironment(process.env);
const docker = createDockerCli(cluster.dockerHost);
const root = path.join(cluster.stacksDir, '..');
const image = ownImage('demo');
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const SERVICE = 'shop_web';
const MAX = 4;
const INTERVAL_MS = 2_000;
const DOWN_WINDOW_MS = 15_000;
/** One task at most goes in so long. */
const DOWN_PERIOD_MS = 10_000;
const url = `http://${cluster.address}/demo/hello`;

let directory: string;
let scaler: ScalerProcess;
let traffic: SteadyTraffic | undefined;
const web = targetLooks(docker, () => scaler, SERVICE);

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'scaler-requests-'));
  for (const network of ['proxy', 'monitor']) await createNetwork(docker, network);
  const variables = {
    ...networkVariables(cluster.hasIpvs),
    DOCKER_SOCKET: cluster.dockerSocket,
    PROXY_REPLICAS: '1',
    SCRAPE_INTERVAL: '1s',
  };
  for (const [stack, name] of [
    ['monitor', 'docker-flow-monitor.yml'],
    ['proxy', 'docker-flow-proxy-slack.yml'],
  ] as const) {
    const file = path.join(directory, name);
    await writeFile(file, patientStack(await readFile(path.join(cluster.stacksDir, name), 'utf8')));
    await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', file, stack], { env: variables });
  }
  await deploy();
  await allRunning(docker, ['monitor_monitor', 'proxy_proxy', 'proxy_swarm-listener', SERVICE]);
  scaler = await startScaler(root, {
    DOCKER_HOST: cluster.dockerHost,
    SCALE_INTERVAL: `${INTERVAL_MS / 1_000}s`,
    PROMETHEUS_URL: `http://${cluster.address}:9090`,
    SCALER_STATE_FILE: path.join(directory, 'state.json'),
  });
  await until('the route', async () => {
    const status = await getStatus(url, 'any.test');
    return status === 200 ? { done: true } : { notYet: `status ${status}` };
  });
});

afterAll(async () => {
  await traffic?.stop();
  await scaler.stop();
  await removeStacks(docker, ['shop', 'proxy', 'monitor']);
  await rm(directory, { recursive: true, force: true });
});

/** As a person does, again and again: the file asks for one replica. */
function deploy(): Promise<void> {
  const labels = {
    servicePath: '/demo',
    scaleMax: String(MAX),
    scaleOn: '@requests:10s',
    // Little, so that clients that wait for a busy machine ask for more than the maximum, too.
    scaleTarget: '0.5',
    scaleDownWindow: `${DOWN_WINDOW_MS / 1_000}s`,
    scaleDownPolicies: `1/${DOWN_PERIOD_MS / 1_000}s`,
  };
  return deployShop(docker, { image, cluster, directory, labels });
}

test('requests through the proxy make it larger, in proportion', async () => {
  await web.reasonIs('ValidMetricFound');
  traffic = startSteadyTraffic({ url, keepAlive: true, clients: 4, pauseMs: 50 });
  await web.becomes('requests make the service larger', (replicas) => replicas === MAX);
  const steps = await web.steps();
  progress.note(steps.map(({ from, to }) => `${from} to ${to}`).join(', '));
  expect(Math.max(...steps.map(({ from, to }) => to - from))).toBeGreaterThanOrEqual(2);
});

test('a redeploy under load changes nothing', async () => {
  const sinceMs = Date.now();
  await deploy();
  await web.restoredSince(sinceMs);
  expect(await web.becomes('the count is put back', (replicas) => replicas === MAX)).toBe(MAX);
});

test('without requests it becomes small again, after the window and within the rate', async () => {
  await web.looks(2);
  const goneAtMs = Date.now();
  await traffic?.stop();
  await web.becomes('the service becomes small again', (replicas) => replicas === 1);
  const down = (await web.steps()).filter(({ from, to }) => to < from);
  progress.note(down.map(({ from, to, atMs }) => `${from} to ${to} after ${atMs - goneAtMs} ms`).join(', '));
  expect(down.map(({ from, to }) => [from, to])).toEqual([
    [4, 3],
    [3, 2],
    [2, 1],
  ]);
  // The window ends after the last look at requests. What is noted of a look comes when Docker has taken it.
  expect(down[0]?.atMs).toBeGreaterThanOrEqual(goneAtMs + DOWN_WINDOW_MS - 2 * INTERVAL_MS);
  const pauses = down.slice(1).map(({ atMs }, i) => atMs - (down[i]?.atMs ?? 0));
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(DOWN_PERIOD_MS - INTERVAL_MS);
});
