// cluster: --nodes 2
// images: loop
// when: asked, because it has passed 0 of 10 so far
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProgress } from '../../harness/progress.js';
import { startSteadyTraffic } from '../../harness/steady-traffic.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { createDockerCli, type DockerCli } from '../../harness/swarm/docker-cli.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { askInside } from '../../harness/swarm/inside-container.js';
import { FREQUENT_HEALTH_CHECK, patientStack } from '../../harness/swarm/patient-stack.js';
import {
  allRunning,
  createNetwork,
  networkVariables,
  removeStacks,
  wantedReplicas,
} from '../../harness/swarm/stack.js';
import { until } from '../../harness/until.js';

/**
 * What labels do to requests, through two proxies: sign-on by a server of our own, a canary whose weight changes and whose
 * tasks are replaced under load, and a service that sleeps and is woken by its first request.
 */

const cluster = clusterFromEnvironment(process.env);
const docker = createDockerCli(cluster.dockerHost);
const root = path.join(cluster.stacksDir, '..');
const image = ownImage('demo');
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const MINUTE_MS = 60_000;
const API = 'http://127.0.0.1:8080';

interface Node {
  readonly address: string;
  readonly docker: DockerCli;
}

const nodes: readonly Node[] = [1, 2].map((number) => ({
  address: process.env[`DF_NODE_${number}`] ?? '',
  docker: createDockerCli(`unix://${process.env[`DF_NODE_${number}_SOCKET`] ?? ''}`),
}));
const [first] = nodes as readonly [Node, Node];
const variables = {
  ...networkVariables(cluster.hasIpvs),
  DOCKER_SOCKET: cluster.dockerSocket,
  DOMAIN: cluster.address,
  PROXY_REPLICAS: '2',
  SCRAPE_INTERVAL: '1s',
  PROMETHEUS_URL: 'http://monitor:9090',
};

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'traffic-'));
  for (const network of ['proxy', 'monitor']) await createNetwork(docker, network);
  const fileOf = (name: string) => readFile(path.join(cluster.stacksDir, name), 'utf8');
  await deployText('monitor', patientStack(await fileOf('docker-flow-monitor.yml')));
  await deployText('scaler', patientStack(await fileOf('scaler.yml')));
  const proxy = patientStack(await fileOf('docker-flow-proxy-slack.yml'));
  const waking = ['SCALER_ADDRESS=scaler', 'WAKE_MAX_WAITING=200']
    .map((line) => `      - ${line}\n`)
    .join('');
  await deployText('proxy', proxy.replace('    environment:\n', `    environment:\n${waking}`));
  await deployText('shop', SHOP);
  await allRunning(docker, [
    ...['proxy_proxy', 'proxy_swarm-listener', 'monitor_monitor', 'monitor_swarm-listener'],
    ...['scaler_scaler', 'scaler_docker-guard', 'shop_web', 'shop_next', 'shop_app', 'shop_sign-on'],
  ]);
}, 10 * MINUTE_MS);

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  if (!process.env['DF_KEEP']) await removeStacks(docker, ['shop', 'proxy', 'monitor', 'scaler']);
}, 3 * MINUTE_MS);

async function deployText(stack: string, text: string): Promise<void> {
  const file = path.join(directory, `${stack}.yml`);
  await writeFile(file, text);
  await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', file, stack], { env: variables });
}

function serviceOf(name: string, replicas: number, labels: readonly string[], more: string): string {
  const all = ['notify=true', 'distribute=true', 'port=8080', ...labels].map((label) => `com.df.${label}`);
  return `  ${name}:
    image: ${image}
    networks: [proxy]
${more}
    deploy:
      endpoint_mode: ${cluster.hasIpvs ? 'vip' : 'dnsrr'}
      replicas: ${replicas}
      restart_policy: {delay: 0s}
      update_config: {order: start-first, parallelism: 1, delay: 0s, monitor: 1s}
      labels: ${JSON.stringify(all)}
`;
}

const SIGN_ON = `    entrypoint: ["node", "/sign-on.mjs"]
    configs: [{source: sign_on, target: /sign-on.mjs}]
    healthcheck: {disable: true}`;
const demo = (version: string) => `    environment: ["DB=/tmp/demo.sqlite", "VERSION=${version}"]
    healthcheck: ${FREQUENT_HEALTH_CHECK}`;
const ROUTE = ['servicePath=/shop', 'reqPathSearchReplace=^/shop,/demo'];
const AUTH = [
  'authUrl=http://sign-on:8080/auth',
  `authSignin=http://${cluster.address}/sign-on/start?rd={url}`,
  'authResponseHeaders=Remote-User',
];
const SLEEPER = [
  ...['servicePath=/sleeper', 'reqPathSearchReplace=^/sleeper,/demo', 'wakeOnRequest=true'],
  ...['wakeWait=120', 'wakePage=0'],
  ...['scaleOn=@requests:10s', 'scaleTarget=1000', 'scaleMin=1', 'scaleToZero=true', 'scaleZeroCooldown=40s'],
];
const SHOP = `version: "3.8"
services:
${serviceOf('web', 2, ROUTE, demo('stable'))}
${serviceOf('next', 2, ['canaryOf=shop_web', 'canaryWeight=0', 'canarySticky=false'], demo('canary'))}
${serviceOf('app', 1, ['servicePath=/app', ...AUTH], SIGN_ON)}
${serviceOf('sign-on', 1, ['servicePath=/sign-on'], SIGN_ON)}
${serviceOf('sleeper', 1, SLEEPER, demo('awake'))}
configs: {sign_on: {file: ${path.join(root, 'packages/e2e/stand-ins/sign-on/sign-on.mjs')}}}
networks: {proxy: {external: true}}
`;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** A request on a connection of its own. */
function ask(node: Node, target: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: node.address, path: target, headers, agent: false, timeout: 3 * MINUTE_MS };
    const sent = request(options, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.end();
  });
}

async function bothAnswer(target: string, status: number, headers?: Readonly<Record<string, string>>) {
  for (const node of nodes)
    await until(`${node.address} answers ${target} with ${status}`, async () => {
      const answer = await ask(node, target, headers);
      return answer.status === status ? { done: true } : { notYet: `status ${answer.status}` };
    });
}

/** The sum of the series of a metric whose labels match, at the proxy of a node. */
async function metric(node: Node, page: string, name: string, labels = ''): Promise<number> {
  const text = await askInside(node.docker, 'proxy_proxy', `${API}${page}`);
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(labels));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

function both(of: (node: Node) => Promise<number>): Promise<readonly number[]> {
  return Promise.all(nodes.map(of));
}

describe('sign-on', () => {
  const BROWSER = { accept: 'text/html' };
  const SESSION = { cookie: 'session=ada-lovelace' };

  test('a browser is led to the sign-in and back, and the service hears who it is', async () => {
    await bothAnswer('/app/page', 401);
    for (const node of nodes) {
      const sent = await ask(node, '/app/page?a=b', BROWSER);
      expect(sent.status).toBe(302);
      const start = String(sent.headers['location']);
      expect(start).toBe(
        `http://${cluster.address}/sign-on/start?rd=${encodeURIComponent(`http://${node.address}/app/page?a=b`)}`,
      );
      const begun = await ask(first, new URL(start).pathname + new URL(start).search, BROWSER);
      expect(begun.headers['location']).toBe(`http://${node.address}/app/page?a=b`);
      const [cookie = ''] = begun.headers['set-cookie'] ?? [];
      const served = await ask(node, '/app/page?a=b', { ...BROWSER, cookie: cookie.split(';')[0] ?? '' });
      expect(served.status).toBe(200);
      expect(JSON.parse(served.body)).toEqual({ path: '/app/page?a=b', user: 'ada' });
      expect(served.headers['set-cookie']).toEqual([expect.stringContaining('session=ada-lovelace')]);
    }
  });

  test('nobody says who he is himself', async () => {
    for (const node of nodes) {
      expect((await ask(node, '/app/', { 'Remote-User': 'root' })).status).toBe(401);
      const served = await ask(node, '/app/', { ...SESSION, 'Remote-User': 'root', remote_user: 'root' });
      expect(JSON.parse(served.body)).toEqual({ path: '/app/', user: 'ada' });
    }
  });

  test('without the auth server nobody passes, and with it everybody does again', async () => {
    await docker.run(['service', 'scale', '--detach', 'shop_sign-on=0']);
    await bothAnswer('/app/', 503, SESSION);
    await bothAnswer('/app/', 503);
    await docker.run(['service', 'scale', '--detach', 'shop_sign-on=1']);
    await bothAnswer('/app/', 200, SESSION);
    await bothAnswer('/app/', 401);
    expect((await ask(first, '/app/', SESSION)).status).toBe(200);
  });
});

describe('a canary', () => {
  const reloads = (node: Node) =>
    metric(node, '/metrics', 'docker_flow_proxy_reloads_total', 'result="reloaded"');

  async function setWeight(weight: number): Promise<void> {
    const begun = performance.now();
    const label = `com.df.canaryWeight=${weight}`;
    await docker.run(['service', 'update', '--detach', '--label-add', label, 'shop_next']);
    await until(
      `both proxies give the canary ${weight} %`,
      async () => {
        const weights = await both((node) => metric(node, '/metrics', 'docker_flow_proxy_canary_weight'));
        return weights.every((one) => one === weight) ? { done: true } : { notYet: weights.join() };
      },
      { everyMs: 100 },
    );
    progress.note(`weight ${weight} at both proxies within ${Math.round(performance.now() - begun)} ms`);
  }

  /** How many of so many requests the canary answers. */
  async function answeredByCanary(node: Node, count: number): Promise<number> {
    let canary = 0;
    for (let i = 0; i < count; i += 1)
      if ((await ask(node, '/shop/hello')).headers['version'] === 'canary') canary += 1;
    return canary;
  }

  async function updated(service: string, value: string): Promise<void> {
    await docker.run(['service', 'update', '--detach', '--env-add', `ROUND=${value}`, service]);
    await until(
      `${service} updated`,
      async () => {
        const format =
          '{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}} {{json .Spec.TaskTemplate.ContainerSpec.Env}}';
        const text = await docker.run(['service', 'inspect', '--format', format, service]);
        return text.startsWith('completed') && text.includes(`"ROUND=${value}"`)
          ? { done: true }
          : { notYet: text.trim() };
      },
      { everyMs: 500 },
    );
  }

  test('its share changes and its tasks are replaced under load: no reload, no lost request', async () => {
    await bothAnswer('/shop/hello', 200);
    await setWeight(0);
    const before = await both(reloads);
    const all = nodes.flatMap(({ address }) =>
      [true, false].map((keepAlive) =>
        startSteadyTraffic({
          ...{ url: `http://${address}/shop/hello`, keepAlive, clients: 1, pauseMs: 50 },
          countBy: 'version',
        }),
      ),
    );
    for (const node of nodes) expect(await answeredByCanary(node, 50)).toBe(0);
    await setWeight(50);
    for (const node of nodes) {
      const count = await answeredByCanary(node, 200);
      expect(count).toBeGreaterThan(60);
      expect(count).toBeLessThan(140);
    }
    await updated('shop_next', '1');
    await updated('shop_web', '1');
    await setWeight(20);
    await updated('shop_next', '2');
    await setWeight(0);
    for (const node of nodes) expect(await answeredByCanary(node, 50)).toBe(0);
    const results = await Promise.all(all.map((one) => one.stop()));
    for (const { sent, failed, values } of results)
      progress.note(`${sent} requests, ${failed} failed, ${JSON.stringify(Object.fromEntries(values))}`);
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
    for (const { values } of results) expect([...values.keys()].sort()).toEqual(['canary', 'stable']);
    expect(await both(reloads)).toEqual(before);
  });

  test('when it goes, no request goes with it', async () => {
    await setWeight(50);
    const traffic = nodes.map(({ address }) =>
      startSteadyTraffic({ url: `http://${address}/shop/hello`, keepAlive: true, clients: 1, pauseMs: 50 }),
    );
    await docker.run(['service', 'rm', 'shop_next']);
    await until('no canary at either proxy', async () => {
      const counts = await Promise.all(
        nodes.map(async (node) =>
          (await askInside(node.docker, 'proxy_proxy', `${API}/metrics`)).includes('canary_weight{'),
        ),
      );
      return counts.some(Boolean) ? { notYet: counts.join() } : { done: true };
    });
    for (const node of nodes) expect(await answeredByCanary(node, 50)).toBe(0);
    const results = await Promise.all(traffic.map((one) => one.stop()));
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  });
});

describe('a service that sleeps', () => {
  const asks = (node: Node) =>
    metric(
      node,
      '/v1/docker-flow-proxy/haproxy-metrics',
      'haproxy_backend_http_responses_total',
      'proxy="df-scaler"',
    );

  async function sleeps(): Promise<void> {
    await until('asleep after the cool-down, and both proxies know', async () => {
      const replicas = await wantedReplicas(docker, 'shop_sleeper');
      const known = await both((node) =>
        metric(node, '/metrics', 'docker_flow_proxy_asleep', 'shop_sleeper'),
      );
      // A task that is being stopped still takes connections.
      const filter = 'label=com.docker.swarm.service.name=shop_sleeper';
      const left = await Promise.all(nodes.map((node) => node.docker.run(['ps', '-q', '--filter', filter])));
      return replicas === 0 && known.every((one) => one === 1) && left.join('') === ''
        ? { done: true }
        : { notYet: `${replicas} replicas, asleep at the proxies: ${known.join()}` };
    });
  }

  test('its first request starts it and is answered', async () => {
    await sleeps();
    const begun = performance.now();
    const answer = await ask(first, '/sleeper/hello');
    progress.note(`woken and answered within ${Math.round(performance.now() - begun)} ms`);
    expect([answer.status, answer.headers['version']]).toEqual([200, 'awake']);
    expect(await wantedReplicas(docker, 'shop_sleeper')).toBe(1);
  });

  test('a storm of 200 requests is one ask, and all of them are answered', async () => {
    await sleeps();
    const before = await both(asks);
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(first, '/sleeper/hello')));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const after = await both(asks);
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 0]);
  });

  test('what cannot be routed wakes nobody; a browser gets a page that reloads itself, and then the service', async () => {
    await sleeps();
    const before = await both(asks);
    expect((await ask(first, '/sleepless')).status).toBe(503);
    expect((await ask(first, '/sleeper/../sleeper/hello')).status).toBe(400);
    expect(await both(asks)).toEqual(before);
    expect(await wantedReplicas(docker, 'shop_sleeper')).toBe(0);
    const page = await ask(first, '/sleeper/hello', { accept: 'text/html' });
    expect([page.status, page.headers['retry-after']]).toEqual([503, '2']);
    expect(page.body).toContain('http-equiv="refresh"');
    await until('the service instead of the page', async () => {
      const { status } = await ask(first, '/sleeper/hello', { accept: 'text/html' });
      return status === 200 ? { done: true } : { notYet: `status ${status}` };
    });
  });
});
