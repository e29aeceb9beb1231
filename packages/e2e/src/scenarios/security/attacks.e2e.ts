// cluster: --nodes 1
// images: production
// when: asked, because it has passed 2 of 10 so far
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addressesOf,
  askFrom,
  openPortsFrom,
  type Question,
  type Range,
} from '../../harness/swarm/ask-from.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { createDockerCli } from '../../harness/swarm/docker-cli.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { allRunning, createSecret, listServices, wantedReplicas } from '../../harness/swarm/stack.js';
import { until } from '../../harness/until.js';
import { hostileServices, type HostileService } from './hostile-services.js';

/**
 * Attacks on the production stack: from services that share a network with it, from outside, and by services whose
 * labels try every trick. A bank that runs beside them must not notice.
 */

const run = promisify(execFile);
const cluster = clusterFromEnvironment(process.env);
const root = path.join(cluster.stacksDir, '..');
const docker = createDockerCli(cluster.dockerHost);
const MINUTE_MS = 60_000;
const SOCKET_PROXY = 'tecnativa/docker-socket-proxy:0.3.0';
const TOKEN = 'the-token-of-the-test';
const OPERATOR = `Basic ${Buffer.from('operator:secret').toString('base64')}`;
const image = ownImage('demo');
const PROXY_API = '/v1/docker-flow-proxy';
const MONITOR_API = '/v1/docker-flow-monitor';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'attacks-'));
  const context = path.join(root, 'packages/e2e/stand-ins/socket-proxy');
  await docker.run(['build', '--tag', SOCKET_PROXY, '--build-arg', `BASE_IMAGE=${image}`, context], {
    env: { DOCKER_BUILDKIT: '0' },
  });
  await createSecret(docker, 'api_token', TOKEN);
  await createSecret(docker, 'dfp_users_operators', 'operator:secret');
  await run(
    path.join(root, 'scripts/deploy'),
    ['--without-exporters', '--without-grafana', '--minutes', '8'],
    {
      env: {
        ...process.env,
        RESOLVE_IMAGE: 'never',
        SCRAPE_INTERVAL: '2s',
        EVALUATION_INTERVAL: '2s',
        SCALE_DOWN_COOLDOWN: '0',
      },
    },
  );
  await service({ name: 'neighbour-proxy', networks: ['proxy'] });
  await service({ name: 'neighbour-monitor', networks: ['monitor'] });
  await service({
    name: 'bank',
    serves: true,
    replicas: 2,
    networks: ['proxy', 'monitor'],
    labels: {
      serviceDomain: 'bank.test',
      servicePath: '/bank',
      reqPathSearchReplace: '/bank/,/demo/',
      port: '8080',
      users: 'teller:money',
      serviceCert: (await makeCertificate('bank')).replaceAll('\n', '\\n'),
      scrapePort: '8080',
      scaleMin: '2',
      scaleMax: '4',
      'alertName.1': 'never',
      'alertIf.1': 'vector(0) > 1',
    },
  });
  await allRunning(docker, ['neighbour-proxy', 'neighbour-monitor', 'bank']);
}, 12 * MINUTE_MS);

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  if (process.env['DF_KEEP']) return;
  const names = (await listServices(docker)).map(({ name }) => name);
  await docker.run(['service', 'rm', ...names.filter((name) => !name.startsWith('flow_'))]);
  await run(path.join(root, 'scripts/deploy'), ['--down']);
}, 2 * MINUTE_MS);

interface Created {
  readonly name: string;
  readonly networks: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly stack?: string | undefined;
  readonly replicas?: number;
  /** Whether the demo service runs in it; otherwise there is a container to be in, and nothing else. */
  readonly serves?: boolean;
}

/** A service with labels of ours; without labels nobody is told of it. */
async function service({ name, networks, labels, stack, replicas = 1, serves }: Created): Promise<void> {
  const all: Readonly<Record<string, string>> =
    labels === undefined ? {} : { notify: 'true', distribute: 'true', ...labels };
  await docker.run([
    ...['service', 'create', '--detach', '--no-resolve-image', '--endpoint-mode', 'dnsrr', '--name', name],
    ...['--replicas', String(replicas), ...networks.flatMap((network) => ['--network', network])],
    ...Object.entries(all).flatMap(([label, value]) => ['--label', `com.df.${label}=${value}`]),
    ...(stack === undefined ? [] : ['--label', `com.docker.stack.namespace=${stack}`]),
    ...['--no-healthcheck', '--stop-signal', 'KILL', ...(serves ? [] : ['--entrypoint', 'sleep infinity'])],
    image,
  ]);
}

/** A certificate for bank's domain, made by whoever wants one. */
async function makeCertificate(maker: string): Promise<string> {
  const [key, certificate] = ['key', 'crt'].map((kind) => path.join(directory, `${maker}.${kind}`));
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=bank.test'],
    ...['-addext', 'subjectAltName=DNS:bank.test', '-keyout', key ?? '', '-out', certificate ?? ''],
  ]);
  return `${await readFile(certificate ?? '', 'utf8')}${await readFile(key ?? '', 'utf8')}`;
}

const OWN_SERVICES = [
  ...['alert-manager', 'dashboard', 'docker-guard', 'docker-read', 'monitor', 'proxy', 'scaler'],
  'swarm-listener',
];

/** Where a program listens that has an API. */
const PORTS = [80, 443, 2375, 8080, 9090, 9093, 9094];

/** What of the stack takes connections from a service on one of its networks, as `service:port`. */
async function openFrom(service: string, network: string): Promise<readonly string[]> {
  const owners = new Map<string, string>();
  const ranges: Range[] = [];
  for (const name of OWN_SERVICES)
    for (const [where, address] of Object.entries(await addressesOf(docker, `flow_${name}`))) {
      owners.set(address, name);
      if (where === network) ranges.push([address, 1, 20_000]);
      else ranges.push(...PORTS.map((port): Range => [address, port, port]));
    }
  const open = await openPortsFrom(docker, service, ranges);
  return open.map((one) => `${owners.get(one.split(':')[0] ?? '') ?? ''}:${one.split(':')[1] ?? ''}`).sort();
}

/** `METHOD URL` → status, from inside a service. */
async function statusesFrom(
  service: string,
  questions: readonly Question[],
): Promise<Readonly<Record<string, string | number>>> {
  const replies = await askFrom(docker, service, questions);
  return Object.fromEntries(
    questions.map(({ method = 'GET', url }, index) => [`${method} ${url}`, replies[index]?.status ?? '']),
  );
}

function everyOne(
  status: number | string,
  questions: readonly Question[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(questions.map(({ method = 'GET', url }) => [`${method} ${url}`, status]));
}

const ELSEWHERE = ['swarm-listener', 'scaler', 'alert-manager', 'dashboard', 'docker-read', 'docker-guard'];

describe('a service on the network proxy', () => {
  test('reaches the proxy and nothing else, by whatever address', async () => {
    expect(await openFrom('neighbour-proxy', 'proxy')).toEqual(['proxy:443', 'proxy:80', 'proxy:8080']);
  });

  test('finds no other program by its name', async () => {
    const questions = [...ELSEWHERE, 'monitor'].map((name) => ({ url: `http://${name}:8080/` }));
    expect(await statusesFrom('neighbour-proxy', questions)).toEqual(everyOne('ENOTFOUND', questions));
  });

  test('may change nothing, and reads nothing but health and metrics', async () => {
    const questions = [
      ...['/config', '/certs', '/status', '/fingerprint', '/cert?certName=bank.test', '/acme'],
      ...['/reconfigure?serviceName=evil&servicePath=/&port=8080', '/remove?serviceName=bank', '/reload'],
    ].flatMap((route) =>
      ['GET', 'PUT', 'DELETE', 'POST'].map((method) => ({
        method,
        url: `http://proxy:8080${PROXY_API}${route}`,
      })),
    );
    const statuses = await statusesFrom('neighbour-proxy', questions);
    expect(
      Object.entries(statuses).filter(([, status]) => ![401, 404, 405].includes(Number(status))),
    ).toEqual([]);
    const open = ['/healthz', '/readyz', '/metrics', `${PROXY_API}/haproxy-metrics`];
    const asked = open.map((route) => ({ url: `http://proxy:8080${route}` }));
    expect(await statusesFrom('neighbour-proxy', asked)).toEqual(everyOne(200, asked));
  });
});

describe('a service on the network monitor', () => {
  test('reaches the monitor and its Prometheus and nothing else, by whatever address', async () => {
    expect(await openFrom('neighbour-monitor', 'monitor')).toEqual(['monitor:8080', 'monitor:9090']);
  });

  test('finds no other program by its name', async () => {
    const questions = [...ELSEWHERE, 'proxy'].map((name) => ({ url: `http://${name}:8080/` }));
    expect(await statusesFrom('neighbour-monitor', questions)).toEqual(everyOne('ENOTFOUND', questions));
  });

  test('may call nothing at the monitor that changes or tells', async () => {
    const questions = [
      '/reconfigure?serviceName=evil&scrapePort=80',
      '/remove?serviceName=bank',
      ...['/status', '/config'],
    ].map((route) => ({ url: `http://monitor:8080${MONITOR_API}${route}` }));
    const statuses = await statusesFrom('neighbour-monitor', questions);
    expect(Object.entries(statuses).filter(([, status]) => ![401, 404].includes(Number(status)))).toEqual([]);
    expect(statuses[`GET ${questions[0]?.url ?? ''}`]).toBe(401);
  });

  test('reads what Prometheus knows, without secrets, and can neither write, stop nor configure it', async () => {
    const at = 'http://monitor:9090/monitor';
    const changes = [
      ...['/-/quit', '/-/reload', '/api/v1/write', '/api/v1/otlp/v1/metrics'],
      ...['/api/v1/admin/tsdb/delete_series?match[]=up', '/api/v1/admin/tsdb/snapshot'],
      '/api/v1/admin/tsdb/clean_tombstones',
    ].flatMap((route) => ['POST', 'PUT'].map((method) => ({ method, url: `${at}${route}` })));
    const statuses = await statusesFrom('neighbour-monitor', changes);
    expect(Object.entries(statuses).filter(([, status]) => Number(status) < 400)).toEqual([]);
    const [up, config] = await askFrom(docker, 'neighbour-monitor', [
      { url: `${at}/api/v1/query?query=up` },
      { url: `${at}/api/v1/status/config` },
    ]);
    expect(up?.status).toBe(200);
    expect(config?.body).toContain('flow_proxy');
    expect(config?.body).not.toContain(TOKEN);
  });
});

/** What a stranger gets from the proxy; the path is sent as it stands here. */
function strangerGets(method: string, target: string, headers: Readonly<Record<string, string>> = {}) {
  return new Promise<number>((resolve, reject) => {
    const sent = request(
      { host: cluster.address, method, path: target, headers, agent: false, timeout: 10_000 },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error('no answer within 10 s')));
    sent.end();
  });
}

async function routesAreLive(): Promise<void> {
  for (const target of ['/flow/', '/monitor/', '/scaler/'])
    await until(`the route ${target}`, async () => {
      const status = await strangerGets('GET', target);
      return status === 401 ? { done: true } : { notYet: `status ${status}` };
    });
  await bankIsServed();
}

async function bankIsServed(): Promise<void> {
  const authorization = `Basic ${Buffer.from('teller:money').toString('base64')}`;
  await until('the route to the bank', async () => {
    const status = await strangerGets('GET', '/bank/hello', { host: 'bank.test', authorization });
    return status === 200 ? { done: true } : { notYet: `status ${status}` };
  });
}

const MALLORY = { authorization: `Basic ${Buffer.from('mallory:pw').toString('base64')}` };

describe('a stranger', () => {
  test.each([
    ['GET', `${PROXY_API}/config`, 503],
    ['GET', `${PROXY_API}/certs`, 503],
    ['GET', `${MONITOR_API}/reconfigure?serviceName=evil`, 503],
    ['GET', '/admin?stats', 503],
    ['GET', '/monitor/config', 401],
    ['GET', '//monitor/config', 401],
    ['GET', '/%6donitor/config', 401],
    ['GET', '/./monitor;x/config', 401],
    ['GET', '/bank/../monitor/config', 400],
    ['GET', '/bank/%2e%2e/monitor/config', 400],
    ['POST', '/monitor/-/reload', 401],
    ['POST', '/scaler/v1/scale-service?service=bank&scale=down', 401],
    ['GET', '/flow/', 401],
  ])('who asks for %s %s gets %d', async (method, target, status) => {
    await routesAreLive();
    expect(await strangerGets(method, target)).toBe(status);
  });

  test('finds no port open but those of the proxy and those of Swarm itself', async () => {
    const open = await run('node', ['-e', SCAN, cluster.address], { maxBuffer: 1e7 });
    const swarm = [2377, 7946];
    expect((JSON.parse(open.stdout) as number[]).filter((port) => !swarm.includes(port))).toEqual([80, 443]);
  });
});

const SCAN = `
const { connect } = require('node:net');
const open = [];
let next = 1;
const worker = async () => {
  for (let port; (port = next++) < 65536; )
    await new Promise((resolve) => {
      const socket = connect({ host: process.argv[1], port });
      socket.on('connect', () => { open.push(port); socket.destroy(); }).on('error', () => {}).on('close', resolve);
    });
};
Promise.all(Array.from({ length: 100 }, worker)).then(() => console.log(JSON.stringify(open.sort((a, b) => a - b))));`;

/** What the API of the proxy answers to who has the token. */
async function askProxy(route: string): Promise<string> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const [reply] = await askFrom(docker, 'neighbour-proxy', [
    { url: `http://proxy:8080${PROXY_API}${route}`, headers },
  ]);
  return reply?.body ?? '';
}

async function askPrometheus<T>(question: string): Promise<T> {
  const answer = await fetch(`http://${cluster.address}/monitor/api/v1/${question}`, {
    headers: { authorization: OPERATOR },
  });
  return ((await answer.json()) as { readonly data: T }).data;
}

/** The certificate that is shown for bank's domain; nothing where none is. */
function shownToBank(): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({
      host: cluster.address,
      port: 443,
      servername: 'bank.test',
      rejectUnauthorized: false,
    });
    socket.on('secureConnect', () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', (error) => resolve(String(error)));
  });
}

/** All that the programs hold for the bank, as they would tell it. */
async function heldForBank(): Promise<Readonly<Record<string, unknown>>> {
  const config = await askProxy('/config');
  const { groups } = await askPrometheus<{
    groups: readonly { rules: readonly { name: string; query: string; labels: unknown }[] }[];
  }>('rules');
  const { activeTargets } = await askPrometheus<{
    activeTargets: readonly { labels: { job: string; instance: string } }[];
  }>('targets');
  return {
    backend: config.split(/\n(?=\S)/).filter((section) => section.includes('server bank bank:')),
    users: config.split(/\n(?=\S)/).filter((section) => section.includes('teller')),
    certificate: await shownToBank(),
    rules: groups
      .flatMap(({ rules }) => rules)
      .filter(({ name }) => name === 'bank_never')
      .map(({ query, labels }) => ({ query, labels })),
    targets: activeTargets
      .map(({ labels }) => labels)
      .filter(({ job }) => job === 'bank')
      .sort((a, b) => a.instance.localeCompare(b.instance)),
    jobOfOperator: activeTargets.map(({ labels }) => labels).filter(({ job }) => job === 'prometheus'),
    replicas: await wantedReplicas(docker, 'bank'),
  };
}

async function create({ name, labels, stack }: HostileService): Promise<void> {
  const own = { servicePath: `/${name}`, port: '8080', scrapePort: '8080', ...labels };
  await service({ name, networks: ['proxy', 'monitor'], labels: own, stack });
}

interface ProxyStatus {
  readonly rejected: readonly { readonly service: string }[];
  readonly services: readonly { readonly service: string }[];
}

test('services that try every trick change nothing of their neighbours', async () => {
  await routesAreLive();
  const before = await until('all that is held for the bank', async () => {
    const held = await heldForBank();
    const { backend, rules, targets } = held as Record<string, readonly unknown[]>;
    const isWhole = [backend?.length === 1, rules?.length === 1, targets?.length === 2];
    return isWhole.every(Boolean) ? { done: held } : { notYet: JSON.stringify(held) };
  });
  const hostile = hostileServices((await makeCertificate('mallory')).replaceAll('\n', '\\n'));
  for (const one of hostile) await create(one);
  const wanted = hostile.filter(({ isRejected }) => isRejected).map(({ name }) => name);
  const live = hostile.filter(({ isRejected, stack }) => !isRejected && stack === undefined);
  await until(
    'the tricks rejected and the rest live',
    async () => {
      const status = JSON.parse(await askProxy('/status')) as ProxyStatus;
      const told = status.rejected.map((one) => one.service).sort();
      const missing = live.filter(({ name }) => !status.services.some((one) => one.service === name));
      return JSON.stringify(told) === JSON.stringify([...wanted].sort()) && missing.length === 0
        ? { done: true }
        : { notYet: `rejected: ${told.join(' ')}; not live: ${missing.map(({ name }) => name).join(' ')}` };
    },
    { everyMs: 1_000 },
  );
  const fired = await until(
    'the alert of evil-scaler fires',
    async () => {
      const { alerts } = await askPrometheus<{ alerts: readonly { labels: Record<string, string> }[] }>(
        'alerts',
      );
      const mine = alerts.find(({ labels }) => labels['alertname'] === 'evilscaler_mine');
      return mine ? { done: mine.labels } : { notYet: JSON.stringify(alerts) };
    },
    { everyMs: 1_000 },
  );
  expect(fired['service']).toBe('evil-scaler');
  expect(await heldForBank()).toEqual(before);
  await bankIsServed();
  expect(await strangerGets('GET', '/bank/hello', { host: 'bank.test', ...MALLORY })).toBe(401);
  for (const target of ['/flow/', '/monitor/', '/scaler/'])
    expect(await strangerGets('GET', target, MALLORY)).toBe(401);
});
