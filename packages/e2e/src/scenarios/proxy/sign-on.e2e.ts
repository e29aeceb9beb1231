// cluster: --nodes 2
// images: proxy
// when: ci
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { allRunning } from '../../harness/swarm/stack.js';
import { allAnswer, ask } from '../../harness/two-proxies/ask-proxy.js';
import { shopFile } from '../../harness/two-proxies/shop-file.js';
import { prepareTwoProxies, type TwoProxies } from '../../harness/two-proxies/two-proxies.js';

/** Two proxies ask a sign-on server of our own about every request to a service. */

const SIGN_ON = `    entrypoint: ["node", "/sign-on.mjs"]
    configs: [{source: sign_on, target: /sign-on.mjs}]
    healthcheck: {disable: true}`;
const BROWSER = { accept: 'text/html' };
const SESSION = { cookie: 'session=ada-lovelace' };

let proxies: TwoProxies;

beforeAll(async () => {
  proxies = await prepareTwoProxies(process.env);
  const { address, hasIpvs, stacksDir } = proxies.cluster;
  const script = path.join(stacksDir, '../packages/e2e/stand-ins/sign-on/sign-on.mjs');
  const auth = [
    'authUrl=http://sign-on:8080/auth',
    `authSignin=http://${address}/sign-on/start?rd={url}`,
    'authResponseHeaders=Remote-User',
  ];
  const shop = shopFile(
    [
      { name: 'app', replicas: 1, labels: ['servicePath=/app', ...auth], lines: SIGN_ON },
      { name: 'sign-on', replicas: 1, labels: ['servicePath=/sign-on'], lines: SIGN_ON },
    ],
    { hasIpvs, more: `configs: {sign_on: {file: ${script}}}` },
  );
  await proxies.deployFile('proxy', 'docker-flow-proxy-slack.yml');
  await proxies.deploy('shop', shop);
  await allRunning(proxies.docker, ['proxy_proxy', 'proxy_swarm-listener', 'shop_app', 'shop_sign-on']);
});

afterAll(() => proxies.end());

test('a browser is led to the sign-in and back, and the service hears who it is', async () => {
  const { nodes, cluster } = proxies;
  await allAnswer(nodes, '/app/page', 401);
  for (const node of nodes) {
    const sent = await ask(node, '/app/page?a=b', BROWSER);
    expect(sent.status).toBe(302);
    const start = String(sent.headers['location']);
    expect(start).toBe(
      `http://${cluster.address}/sign-on/start?rd=${encodeURIComponent(`http://${node.address}/app/page?a=b`)}`,
    );
    const begun = await ask(nodes[0], new URL(start).pathname + new URL(start).search, BROWSER);
    expect(begun.headers['location']).toBe(`http://${node.address}/app/page?a=b`);
    const [cookie = ''] = begun.headers['set-cookie'] ?? [];
    const served = await ask(node, '/app/page?a=b', { ...BROWSER, cookie: cookie.split(';')[0] ?? '' });
    expect(served.status).toBe(200);
    expect(JSON.parse(served.body)).toEqual({ path: '/app/page?a=b', user: 'ada' });
    expect(served.headers['set-cookie']).toEqual([expect.stringContaining('session=ada-lovelace')]);
  }
});

test('nobody says who he is himself', async () => {
  await allAnswer(proxies.nodes, '/app/', 200, SESSION);
  for (const node of proxies.nodes) {
    expect((await ask(node, '/app/', { 'Remote-User': 'root' })).status).toBe(401);
    const served = await ask(node, '/app/', { ...SESSION, 'Remote-User': 'root', remote_user: 'root' });
    expect(JSON.parse(served.body)).toEqual({ path: '/app/', user: 'ada' });
  }
});

test('without the auth server nobody passes, and with it everybody does again', async () => {
  const { nodes, docker } = proxies;
  await docker.run(['service', 'scale', '--detach', 'shop_sign-on=0']);
  await allAnswer(nodes, '/app/', 503, SESSION);
  await allAnswer(nodes, '/app/', 503);
  await docker.run(['service', 'scale', '--detach', 'shop_sign-on=1']);
  await allAnswer(nodes, '/app/', 200, SESSION);
  await allAnswer(nodes, '/app/', 401);
  expect((await ask(nodes[0], '/app/', SESSION)).status).toBe(200);
});
