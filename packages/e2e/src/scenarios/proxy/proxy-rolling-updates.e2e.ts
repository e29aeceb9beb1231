// cluster: --nodes 1
// images: proxy
// when: ci
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { getStatus } from '../../harness/http-get.js';
import { askInside } from '../../harness/swarm/inside-container.js';
import {
  allRunning,
  createNetwork,
  deployStack,
  networkVariables,
  removeStacks,
} from '../../harness/swarm/stack.js';
import { startSteadyTraffic, type SteadyResult } from '../../harness/steady-traffic.js';
import { until } from '../../harness/until.js';

/**
 * No request is lost: not while the proxy is configured anew again and again, and not while the tasks behind
 * it are replaced. Requests are sent by clients that keep their connections and by clients that do not, and
 * nothing is sent twice.
 */

const cluster = clusterFromEnvironment(process.env);
const { docker } = cluster;
const image = ownImage('demo');
const url = `http://${cluster.address}`;
const MINUTE_MS = 60_000;
/** DF_ROUNDS=4 looks longer than every landing can. */
const ROUNDS = Number(process.env['DF_ROUNDS'] ?? 1);
const RECONFIGURATIONS = 25 * ROUNDS;
const UPDATES = 5 * ROUNDS;
const REQUESTS = 5_000 * ROUNDS;
/** How the tasks of each service are replaced: one after the other, each once the one before is healthy. */
const ORDERS = ['start-first', 'stop-first'] as const;

/** A shell is started in no time; a health check in Node, every two seconds in each task, would keep this machine busy. */
const HEALTHY =
  'exec 3<>/dev/tcp/127.0.0.1/8080 && printf "GET /healthz HTTP/1.0\\r\\n\\r\\n" >&3 && grep -q " 200 " <&3';

let directory: string;

/** A service as users write one: a health check, and the default grace period of 10 s. */
function serviceOf(name: string, order: (typeof ORDERS)[number], replicas: number): string {
  return `  ${name}:
    image: ${image}
    networks: [proxy]
    environment: ["DB=/tmp/demo.sqlite"]
    healthcheck:
      test: ["CMD", "bash", "-c", ${JSON.stringify(HEALTHY)}]
      interval: 2s
      timeout: 10s
      retries: 5
    deploy:
      endpoint_mode: ${cluster.hasIpvs ? 'vip' : 'dnsrr'}
      replicas: ${replicas}
      update_config: {order: ${order}, parallelism: 1, delay: 0s, monitor: 1s, failure_action: pause}
      labels:
        - com.df.notify=true
        - com.df.servicePath=/${name}
        - com.df.reqPathSearchReplace=^/${name},/demo
        - com.df.port=8080
`;
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'proxy-rolling-updates-'));
  await createNetwork(docker, 'proxy');
  const variables = { ...networkVariables(cluster.hasIpvs), DOCKER_SOCKET: cluster.dockerSocket };
  await deployStack(docker, cluster.stacksDir, 'docker-flow-proxy.yml', 'proxy', variables);
  const file = path.join(directory, 'shop.yml');
  const services = [
    ...ORDERS.map((order) => serviceOf(order, order, 3)),
    serviceOf('bystander', 'stop-first', 1),
  ];
  await writeFile(
    file,
    `version: "3.8"\nservices:\n${services.join('')}networks: {proxy: {external: true}}\n`,
  );
  await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', file, 'shop']);
  await allRunning(docker, [
    'proxy_proxy',
    'proxy_swarm-listener',
    'shop_bystander',
    ...ORDERS.map((order) => `shop_${order}`),
  ]);
  for (const order of ORDERS) await answers(`/${order}/hello`);
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  if (!process.env['DF_KEEP']) await removeStacks(docker, ['shop', 'proxy']);
});

async function answers(target: string): Promise<void> {
  await until(
    `${target} routed`,
    async () => {
      const status = await getStatus(`${url}${target}`, 'any.test');
      return status === 200 ? { done: true } : { notYet: `status ${status}` };
    },
    { everyMs: 50 },
  );
}

/** Both kinds of clients on both services while something happens, and until enough requests were sent. */
async function underTraffic(act: () => Promise<void>): Promise<readonly (SteadyResult & { what: string })[]> {
  const all = ORDERS.flatMap((order) =>
    [true, false].map((keepAlive) => ({
      what: `${order}, ${keepAlive ? 'connections kept' : 'a connection for each request'}`,
      traffic: startSteadyTraffic({ url: `${url}/${order}/hello`, keepAlive, clients: 2, pauseMs: 15 }),
    })),
  );
  try {
    await act();
    await until(
      `${REQUESTS} requests sent`,
      () => {
        const sent = all.reduce((sum, { traffic }) => sum + traffic.sent(), 0);
        return Promise.resolve(sent >= REQUESTS ? { done: true } : { notYet: `${sent} requests` });
      },
      { timeoutMs: 10 * MINUTE_MS },
    );
  } finally {
    await Promise.all(all.map(({ traffic }) => traffic.stop()));
  }
  const results = await Promise.all(
    all.map(async ({ what, traffic }) => ({ what, ...(await traffic.stop()) })),
  );
  for (const { what, sent, failed } of results) {
    process.stderr.write(`${what}: ${sent} requests, ${failed} failed\n`);
  }
  return results;
}

function failuresOf(results: readonly SteadyResult[]): readonly string[] {
  return results.flatMap(({ failures }) => failures);
}

async function reloads(): Promise<number> {
  const text = await askInside(docker, 'proxy_proxy', 'http://127.0.0.1:8080/metrics');
  const counts = text.matchAll(/^docker_flow_proxy_reloads_total\{[^}]*result="reloaded"[^}]*\} ([0-9]+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

test(`no request fails while labels change ${RECONFIGURATIONS} times`, async () => {
  const before = await reloads();
  const results = await underTraffic(async () => {
    for (let i = 1; i <= RECONFIGURATIONS; i += 1) {
      const route = `com.df.servicePath=/bystander-${i}/`;
      const rewrite = `com.df.reqPathSearchReplace=^/bystander-${i},/demo`;
      await docker.run([
        'service',
        'update',
        '--detach',
        '--label-add',
        route,
        '--label-add',
        rewrite,
        'shop_bystander',
      ]);
      await answers(`/bystander-${i}/hello`);
    }
  });
  expect(failuresOf(results)).toEqual([]);
  expect((await reloads()) - before).toBeGreaterThanOrEqual(RECONFIGURATIONS);
});

test(`no request fails while the tasks of both services are replaced ${UPDATES} times`, async () => {
  const results = await underTraffic(async () => {
    for (let i = 1; i <= UPDATES; i += 1) {
      await Promise.all(
        ORDERS.map((order) =>
          docker.run(['service', 'update', '--detach', '--env-add', `VERSION=${i}`, `shop_${order}`]),
        ),
      );
      await Promise.all(ORDERS.map((order) => updated(`shop_${order}`, i)));
    }
  });
  expect(failuresOf(results)).toEqual([]);
});

/** Replicas that run say nothing about an update: old tasks count, too. */
async function updated(service: string, version: number): Promise<void> {
  await until(
    `${service} updated to version ${version}`,
    async () => {
      const format =
        '{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}} {{json .Spec.TaskTemplate.ContainerSpec.Env}}';
      const text = await docker.run(['service', 'inspect', '--format', format, service]);
      return text.startsWith('completed') && text.includes(`"VERSION=${version}"`)
        ? { done: true }
        : { notYet: text.trim() };
    },
    { timeoutMs: 5 * MINUTE_MS, everyMs: 500 },
  );
}
