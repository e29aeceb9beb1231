// cluster: --nodes 2
// images: proxy
// when: ci
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createProgress } from '../../harness/progress.js';
import { startSteadyTraffic, type SteadyTraffic } from '../../harness/steady-traffic.js';
import { allRunning } from '../../harness/swarm/stack.js';
import { allAnswer, ask, metricOf, metrics, type Metric } from '../../harness/two-proxies/ask-proxy.js';
import { demoLines, shopFile } from '../../harness/two-proxies/shop-file.js';
import { prepareTwoProxies, type ProxyNode, type TwoProxies } from '../../harness/two-proxies/two-proxies.js';
import { until } from '../../harness/until.js';

/** A canary behind two proxies: its weight changes and its tasks are replaced under load, and in the end it goes. */

const ROUTE = ['servicePath=/shop', 'reqPathSearchReplace=^/shop,/demo'];
const CANARY = ['canaryOf=shop_web', 'canaryWeight=0', 'canarySticky=false'];
const WEIGHT: Metric = { page: '/metrics', name: 'docker_flow_proxy_canary_weight' };
const RELOADS: Metric = {
  page: '/metrics',
  name: 'docker_flow_proxy_reloads_total',
  labels: 'result="reloaded"',
};
const progress = createProgress((line) => process.stderr.write(`${line}\n`));

let proxies: TwoProxies;

beforeAll(async () => {
  proxies = await prepareTwoProxies(process.env);
  const shop = shopFile(
    [
      { name: 'web', replicas: 2, labels: ROUTE, lines: demoLines('stable') },
      { name: 'next', replicas: 2, labels: CANARY, lines: demoLines('canary') },
    ],
    proxies.cluster,
  );
  await proxies.deployFile('proxy', 'docker-flow-proxy-slack.yml');
  await proxies.deploy('shop', shop);
  await allRunning(proxies.docker, ['proxy_proxy', 'proxy_swarm-listener', 'shop_web', 'shop_next']);
  await allAnswer(proxies.nodes, '/shop/hello', 200);
});

afterAll(() => proxies.end());

async function setWeight(weight: number): Promise<void> {
  const begun = performance.now();
  const label = `com.df.canaryWeight=${weight}`;
  await proxies.docker.run(['service', 'update', '--detach', '--label-add', label, 'shop_next']);
  await until(
    `both proxies give the canary ${weight} %`,
    async () => {
      const weights = await Promise.all(proxies.nodes.map((node) => metricOf(node, WEIGHT)));
      return weights.every((one) => one === weight) ? { done: true } : { notYet: weights.join() };
    },
    { everyMs: 100 },
  );
  progress.note(`weight ${weight} at both proxies within ${Math.round(performance.now() - begun)} ms`);
}

/** How many of so many requests the canary answers. */
async function answeredByCanary(node: ProxyNode, count: number): Promise<number> {
  let canary = 0;
  for (let i = 0; i < count; i += 1)
    if ((await ask(node, '/shop/hello')).headers['version'] === 'canary') canary += 1;
  return canary;
}

/** Replaces all tasks of a service. */
async function updated(service: string, round: string): Promise<void> {
  const { docker } = proxies;
  await docker.run(['service', 'update', '--detach', '--env-add', `ROUND=${round}`, service]);
  await until(
    `${service} updated`,
    async () => {
      const format =
        '{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}} {{json .Spec.TaskTemplate.ContainerSpec.Env}}';
      const text = await docker.run(['service', 'inspect', '--format', format, service]);
      return text.startsWith('completed') && text.includes(`"ROUND=${round}"`)
        ? { done: true }
        : { notYet: text.trim() };
    },
    { everyMs: 500 },
  );
}

function trafficThrough(node: ProxyNode, keepAlive: boolean): SteadyTraffic {
  const url = `http://${node.address}/shop/hello`;
  return startSteadyTraffic({ url, keepAlive, clients: 1, pauseMs: 50, countBy: 'version' });
}

test('its share changes and its tasks are replaced under load: no reload, no lost request', async () => {
  const { nodes } = proxies;
  await setWeight(0);
  const before = await metrics(nodes, RELOADS);
  const all = nodes.flatMap((node) => [true, false].map((keepAlive) => trafficThrough(node, keepAlive)));
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
  expect(await metrics(nodes, RELOADS)).toEqual(before);
});

test('when it goes, no request goes with it', async () => {
  const { nodes, docker } = proxies;
  await setWeight(50);
  const traffic = nodes.map((node) => trafficThrough(node, true));
  await docker.run(['service', 'rm', 'shop_next']);
  await until('no canary at either proxy', async () => {
    const weights = await Promise.all(nodes.map((node) => metricOf(node, WEIGHT)));
    return weights.every((one) => one === undefined) ? { done: true } : { notYet: weights.join() };
  });
  for (const node of nodes) expect(await answeredByCanary(node, 50)).toBe(0);
  const results = await Promise.all(traffic.map((one) => one.stop()));
  expect(results.flatMap(({ failures }) => failures)).toEqual([]);
});
