// cluster: --nodes 1
// images: production
// when: ci
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { askFrom } from '../../harness/swarm/ask-from.js';
import { startAttackedStack, TOKEN, type AttackedStack } from './attacked-stack.js';
import { bankIsServed } from './bank.js';
import { allBut, everyOne, openFrom, statusesFrom } from './probes.js';
import { openPortsOf, operatorsRoutesAreLive, strangerGets } from './stranger.js';

/** What a service that shares a network with the production stack, and somebody outside, can reach of it. */

const MINUTE_MS = 60_000;
const PROXY_API = '/v1/docker-flow-proxy';
const MONITOR_API = '/v1/docker-flow-monitor';

let stack: AttackedStack;

beforeAll(async () => {
  stack = await startAttackedStack();
}, 12 * MINUTE_MS);

afterAll(() => stack.remove(), 2 * MINUTE_MS);

const ELSEWHERE = ['swarm-listener', 'scaler', 'alert-manager', 'dashboard', 'docker-read', 'docker-guard'];

describe('a service on the network proxy', () => {
  const from = 'neighbour-proxy';

  test('reaches the proxy and nothing else, by whatever address', async () => {
    const open = await openFrom(stack.cluster.docker, from, 'proxy');
    expect(open).toEqual(['proxy:443', 'proxy:80', 'proxy:8080']);
  });

  test('finds no other program by its name', async () => {
    const questions = [...ELSEWHERE, 'monitor'].map((name) => ({ url: `http://${name}:8080/` }));
    const statuses = await statusesFrom(stack.cluster.docker, from, questions);
    expect(statuses).toEqual(everyOne('ENOTFOUND', questions));
  });

  test('may change nothing, and reads nothing but health and metrics', async () => {
    const closed = [
      ...['/config', '/certs', '/status', '/fingerprint', '/cert?certName=bank.test', '/acme'],
      ...['/reconfigure?serviceName=evil&servicePath=/&port=8080', '/remove?serviceName=bank', '/reload'],
    ].flatMap((route) =>
      ['GET', 'PUT', 'DELETE', 'POST'].map((method) => ({
        method,
        url: `http://proxy:8080${PROXY_API}${route}`,
      })),
    );
    const statuses = await statusesFrom(stack.cluster.docker, from, closed);
    expect(allBut([401, 404, 405], statuses)).toEqual([]);
    const open = ['/healthz', '/readyz', '/metrics', `${PROXY_API}/haproxy-metrics`].map((route) => ({
      url: `http://proxy:8080${route}`,
    }));
    expect(await statusesFrom(stack.cluster.docker, from, open)).toEqual(everyOne(200, open));
  });
});

describe('a service on the network monitor', () => {
  const from = 'neighbour-monitor';

  test('reaches the monitor and its Prometheus and nothing else, by whatever address', async () => {
    const open = await openFrom(stack.cluster.docker, from, 'monitor');
    expect(open).toEqual(['monitor:8080', 'monitor:9090']);
  });

  test('finds no other program by its name', async () => {
    const questions = [...ELSEWHERE, 'proxy'].map((name) => ({ url: `http://${name}:8080/` }));
    const statuses = await statusesFrom(stack.cluster.docker, from, questions);
    expect(statuses).toEqual(everyOne('ENOTFOUND', questions));
  });

  test('may call nothing at the monitor that changes or tells', async () => {
    const questions = [
      '/reconfigure?serviceName=evil&scrapePort=80',
      '/remove?serviceName=bank',
      ...['/status', '/config'],
    ].map((route) => ({ url: `http://monitor:8080${MONITOR_API}${route}` }));
    const statuses = await statusesFrom(stack.cluster.docker, from, questions);
    expect(allBut([401, 404], statuses)).toEqual([]);
    expect(statuses[`GET ${questions[0]?.url ?? ''}`]).toBe(401);
  });

  test('reads what Prometheus knows, without secrets, and can neither write, stop nor configure it', async () => {
    const at = 'http://monitor:9090/monitor';
    const changes = [
      ...['/-/quit', '/-/reload', '/api/v1/write', '/api/v1/otlp/v1/metrics'],
      ...['/api/v1/admin/tsdb/delete_series?match[]=up', '/api/v1/admin/tsdb/snapshot'],
      '/api/v1/admin/tsdb/clean_tombstones',
    ].flatMap((route) => ['POST', 'PUT'].map((method) => ({ method, url: `${at}${route}` })));
    const statuses = await statusesFrom(stack.cluster.docker, from, changes);
    expect(Object.entries(statuses).filter(([, status]) => Number(status) < 400)).toEqual([]);
    const [up, config] = await askFrom(stack.cluster.docker, from, [
      { url: `${at}/api/v1/query?query=up` },
      { url: `${at}/api/v1/status/config` },
    ]);
    expect(up?.status).toBe(200);
    expect(config?.body).toContain('flow_proxy');
    expect(config?.body).not.toContain(TOKEN);
  });
});

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
    const { address } = stack.cluster;
    await operatorsRoutesAreLive(address);
    await bankIsServed(address);
    expect(await strangerGets(address, method, target)).toBe(status);
  });

  test('finds no port open but those of the proxy and those of Swarm itself', async () => {
    const swarm = [2377, 7946];
    const open = await openPortsOf(stack.cluster.address);
    expect(open.filter((port) => !swarm.includes(port))).toEqual([80, 443]);
  });
});
