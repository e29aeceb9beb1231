import { afterEach, expect, test } from '@jest/globals';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Alert } from '../core/alert.js';
import { createAlertmanager } from './alertmanager.js';
import { startNeighbour, type Neighbour, type Received } from '../testing/http-neighbour.fake.js';

const started: Neighbour[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.close()));
});

async function alertmanagerOffering(
  answer: (request: Received) => { status: number; body?: string; delayMs?: number },
) {
  const neighbour = await startNeighbour(answer);
  started.push(neighbour);
  return neighbour;
}

function sender(addresses: readonly string[], results: boolean[] = [], timeoutMs = 2_000) {
  return createAlertmanager({
    addresses,
    lifeMs: 10_000,
    http: createHttpClient({ timeoutMs }),
    logger: silentLogger(),
    now: () => Date.UTC(2018, 0, 2, 3, 4, 5, 678),
    onSent: (ok) => results.push(ok),
  });
}

function alert(summary: string): Alert {
  return {
    name: 'scale_service',
    service: 'web',
    status: 'success',
    request: 'Scale service up: web',
    summary,
  };
}

const only = (version: string) => (request: Received) =>
  request.url === `/api/${version}/alerts`
    ? { status: 200, body: '{"status":"success"}' }
    : { status: version === 'v1' ? 404 : 410 };

test('an alert is one element with three labels, two annotations and its life', async () => {
  const neighbour = await alertmanagerOffering(() => ({ status: 200 }));
  const sink = sender([neighbour.address]);
  sink.send(alert('a'));
  await sink.idle();
  const [post] = neighbour.received;
  expect([post?.method, post?.url, post?.headers['content-type']]).toEqual([
    'POST',
    '/api/v2/alerts',
    'application/json',
  ]);
  expect(JSON.parse(post?.body ?? '')).toEqual([
    {
      labels: { alertname: 'scale_service', service: 'web', status: 'success' },
      annotations: { request: 'Scale service up: web', summary: 'a' },
      startsAt: '2018-01-02T03:04:05.678Z',
      endsAt: '2018-01-02T03:04:15.678Z',
      generatorURL: '',
    },
  ]);
});

test('an old Alertmanager is tried with v2 once and spoken to in v1 from then on', async () => {
  const neighbour = await alertmanagerOffering(only('v1'));
  const sink = sender([neighbour.address]);
  sink.send(alert('a'));
  sink.send(alert('b'));
  await sink.idle();
  expect(neighbour.received.map(({ url }) => url)).toEqual([
    '/api/v2/alerts',
    '/api/v1/alerts',
    '/api/v1/alerts',
  ]);
});

test('an Alertmanager that was upgraded meanwhile is found again', async () => {
  let version = 'v1';
  const neighbour = await alertmanagerOffering((request) => only(version)(request));
  const results: boolean[] = [];
  const sink = sender([neighbour.address], results);
  sink.send(alert('a'));
  await sink.idle();
  version = 'v2';
  sink.send(alert('b'));
  await sink.idle();
  expect(results).toEqual([true, true]);
});

test('every member of a cluster gets every alert, in order, also when one hangs or refuses', async () => {
  const good = await alertmanagerOffering(() => ({ status: 200, delayMs: 20 }));
  const hanging = await alertmanagerOffering(() => ({ status: 200, delayMs: 10_000 }));
  const refusing = await alertmanagerOffering(() => ({ status: 500, body: 'oops' }));
  const results: boolean[] = [];
  const sink = sender([good.address, hanging.address, refusing.address], results, 500);
  for (const summary of ['a', 'b', 'c']) sink.send(alert(summary));
  await sink.idle();
  const summaries = good.received.map(({ body }) => /"summary":"(.)"/.exec(body)?.[1]);
  expect(summaries).toEqual(['a', 'b', 'c']);
  expect(results).toHaveLength(9);
});

test('a member that hangs does not keep alerts from the others', async () => {
  const hanging = await alertmanagerOffering(() => ({ status: 200, delayMs: 60_000 }));
  let arrived: () => void = () => undefined;
  const both = new Promise<void>((resolve) => (arrived = resolve));
  const good: Neighbour = await alertmanagerOffering(() => {
    if (good.received.length === 2) arrived();
    return { status: 200 };
  });
  const results: boolean[] = [];
  const sink = sender([hanging.address, good.address], results, 60_000);
  for (const summary of ['a', 'b']) sink.send(alert(summary));
  await both;
  expect(hanging.received.length).toBeLessThan(2);
});

test('without an address nothing is sent', async () => {
  const results: boolean[] = [];
  const sink = sender([], results);
  sink.send(alert('a'));
  await sink.idle();
  expect(results).toEqual([]);
});
