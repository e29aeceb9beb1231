// cluster: --nodes 2
// images: loop
// when: ci
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createProgress } from '../../harness/progress.js';
import { withLogsOnFailure } from '../../harness/swarm/service-logs.js';
import { allRunning, wantedReplicas } from '../../harness/swarm/stack.js';
import { ask, metrics, type Metric } from '../../harness/two-proxies/ask-proxy.js';
import { demoLines, shopFile } from '../../harness/two-proxies/shop-file.js';
import { prepareTwoProxies, type TwoProxies } from '../../harness/two-proxies/two-proxies.js';
import { until } from '../../harness/until.js';

/** A service that the scaler puts to sleep, and that its first request through either of two proxies wakes. */

const SLEEPER = [
  ...['servicePath=/sleeper', 'reqPathSearchReplace=^/sleeper,/demo', 'wakeOnRequest=true'],
  ...['wakeWait=120', 'wakePage=0'],
  ...['scaleOn=@requests:10s', 'scaleTarget=1000', 'scaleMin=1', 'scaleToZero=true', 'scaleZeroCooldown=40s'],
];
const WAKING = ['SCALER_ADDRESS=scaler', 'WAKE_MAX_WAITING=200'];
const ASKS: Metric = {
  page: '/v1/docker-flow-proxy/haproxy-metrics',
  name: 'haproxy_backend_http_responses_total',
  labels: 'proxy="df-scaler"',
};
const ASLEEP: Metric = { page: '/metrics', name: 'docker_flow_proxy_asleep', labels: 'shop_sleeper' };
const ASKS_AGAIN_MS = 10_000;
const progress = createProgress((line) => process.stderr.write(`${line}\n`));

let proxies: TwoProxies;

beforeAll(async () => {
  proxies = await prepareTwoProxies(process.env);
  await proxies.deployFile('monitor', 'docker-flow-monitor.yml');
  await proxies.deployFile('scaler', 'scaler.yml');
  const variables = WAKING.map((one) => `      - ${one}\n`).join('');
  await proxies.deployFile('proxy', 'docker-flow-proxy-slack.yml', (text) =>
    text.replace('    environment:\n', `    environment:\n${variables}`),
  );
  const sleeper = { name: 'sleeper', replicas: 1, labels: SLEEPER, lines: demoLines('awake') };
  await proxies.deploy('shop', shopFile([sleeper], proxies.cluster));
  await allRunning(proxies.docker, [
    ...['proxy_proxy', 'proxy_swarm-listener', 'monitor_monitor', 'monitor_swarm-listener'],
    ...['scaler_scaler', 'scaler_docker-guard'],
  ]);
}, 600_000);

afterAll(() => proxies.end());

async function sleeps(): Promise<void> {
  const { nodes, docker } = proxies;
  await until('asleep after the cool-down, and both proxies know', async () => {
    const replicas = await wantedReplicas(docker, 'shop_sleeper');
    const known = await metrics(nodes, ASLEEP);
    // A task that is being stopped still takes connections.
    const filter = 'label=com.docker.swarm.service.name=shop_sleeper';
    const left = await Promise.all(nodes.map((node) => node.docker.run(['ps', '-q', '--filter', filter])));
    return replicas === 0 && known.every((one) => one === 1) && left.join('') === ''
      ? { done: true }
      : { notYet: `${replicas} replicas, asleep at the proxies: ${known.join()}` };
  });
}

test('its first request starts it and is answered', () =>
  withLogsOnFailure(proxies.docker, progress, async () => {
    await sleeps();
    const begun = performance.now();
    const answer = await ask(proxies.nodes[0], '/sleeper/hello');
    progress.note(`woken and answered within ${Math.round(performance.now() - begun)} ms`);
    expect([answer.status, answer.headers['version']]).toEqual([200, 'awake']);
    expect(await wantedReplicas(proxies.docker, 'shop_sleeper')).toBe(1);
  }));

test('a storm of 200 requests is one ask at a time, and all of them are answered', () =>
  withLogsOnFailure(proxies.docker, progress, async () => {
    await sleeps();
    const { nodes } = proxies;
    const before = await metrics(nodes, ASKS);
    const begun = performance.now();
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(nodes[0], '/sleeper/hello')));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const after = await metrics(nodes, ASKS);
    const [asks = 0, ofTheOther] = after.map((count, index) => count - (before[index] ?? 0));
    expect(ofTheOther).toBe(0);
    // The proxy asks again every ten seconds until it is told of a replica, which a busy machine may take longer for.
    expect(asks).toBeGreaterThan(0);
    expect(asks).toBeLessThanOrEqual(1 + Math.floor((performance.now() - begun) / ASKS_AGAIN_MS));
  }));

test('what cannot be routed wakes nobody; a browser gets a page that reloads itself, and then the service', async () => {
  await sleeps();
  const { nodes, docker } = proxies;
  const [first] = nodes;
  const before = await metrics(nodes, ASKS);
  expect((await ask(first, '/sleepless')).status).toBe(503);
  expect((await ask(first, '/sleeper/../sleeper/hello')).status).toBe(400);
  expect(await metrics(nodes, ASKS)).toEqual(before);
  expect(await wantedReplicas(docker, 'shop_sleeper')).toBe(0);
  const page = await ask(first, '/sleeper/hello', { accept: 'text/html' });
  expect([page.status, page.headers['retry-after']]).toEqual([503, '2']);
  expect(page.body).toContain('http-equiv="refresh"');
  await until('the service instead of the page', async () => {
    const { status } = await ask(first, '/sleeper/hello', { accept: 'text/html' });
    return status === 200 ? { done: true } : { notYet: `status ${status}` };
  });
});
