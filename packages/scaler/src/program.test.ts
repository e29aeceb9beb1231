import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { runActors } from '@docker-flow/daemon/process/lifecycle';
import { startFakeDockerEngine, type FakeDockerEngine } from '@docker-flow/testkit';
import { readConfig } from './config/config.js';
import { createScaler } from './scaler.js';
import { startNeighbour, type Neighbour } from './testing/http-neighbour.fake.js';
import { until } from './testing/until.js';

/** The whole program over Docker's protocol, with an Alertmanager and a Slack that keep what they get. */

let folder = '';
let engine: FakeDockerEngine;
let alertmanager: Neighbour;
let slack: Neighbour;
let cleanUp: (() => Promise<unknown>)[];

beforeEach(async () => {
  cleanUp = [];
  folder = await mkdtemp(path.join(tmpdir(), 'scaler-program-'));
  engine = await startFakeDockerEngine();
  alertmanager = await startNeighbour(() => ({ status: 200 }));
  slack = await startNeighbour(() => ({ status: 200, body: 'ok' }));
  cleanUp.push(
    () => engine.close(),
    () => alertmanager.close(),
    () => slack.close(),
    () => rm(folder, { recursive: true }),
  );
});
afterEach(async () => {
  for (const step of cleanUp) await step();
});

interface Running {
  readonly ask: (route: string, init?: RequestInit) => Promise<Response>;
  /** Answers the exit status. */
  readonly end: () => Promise<number>;
}

async function start(environment: Readonly<Record<string, string>> = {}): Promise<Running> {
  const stop = new AbortController();
  let onListening: (address: ListenAddress) => void = () => undefined;
  const bound = new Promise<ListenAddress>((resolve) => (onListening = resolve));
  const variables = {
    DF_LISTEN_ADDRESS: '127.0.0.1:0',
    DOCKER_HOST: engine.dockerHost,
    ALERTMANAGER_ADDRESS: alertmanager.address,
    SLACK_WEBHOOK_URL: `${slack.address}/hook`,
    SCALER_STATE_FILE: path.join(folder, 'state.json'),
    ...environment,
  };
  const { actors, close } = await createScaler(readConfig(variables), {
    environment: variables,
    logger: silentLogger(),
    version: 'test',
    onListening,
  });
  const running = runActors(actors, { logger: silentLogger(), stop: stop.signal });
  let isEnded = false;
  const end = async () => {
    stop.abort();
    const status = await running;
    if (!isEnded) await close?.();
    isEnded = true;
    return status;
  };
  cleanUp.unshift(end);
  const { port } = await bound;
  const ask = (route: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${route}`, init);
  return { ask, end };
}

const LABELS = { 'com.docker.stack.namespace': 'shop', 'com.df.scaleMin': '1', 'com.df.scaleMax': '9' };

function deploy(image = 'web:1'): void {
  const spec = {
    Labels: LABELS,
    Mode: { Replicated: { Replicas: 2 } },
    TaskTemplate: { ContainerSpec: { Image: image } },
  };
  if (engine.service('shop_web')) engine.changeService('shop_web', spec);
  else engine.createService({ Name: 'shop_web', ...spec });
}

function replicas(): number | undefined {
  return engine.service('shop_web')?.Spec.Mode?.Replicated?.Replicas;
}

function webhook(scale: string): RequestInit {
  const body = { status: 'firing', groupKey: 'g', groupLabels: { service: 'shop_web', scale } };
  return { method: 'POST', body: JSON.stringify(body) };
}

test('a webhook becomes a new count, an alert, a message, an activity and a metric', async () => {
  deploy();
  const { ask } = await start();
  const answer = await ask('/v1/scale-service', webhook('up'));
  expect(await answer.json()).toMatchObject({ status: 'OK' });
  expect(replicas()).toBe(3);
  await until(() => alertmanager.received.length > 0 && slack.received.length > 0);
  expect(JSON.parse(alertmanager.received[0]?.body ?? '')).toMatchObject([
    { labels: { alertname: 'scale_service', service: 'shop_web', status: 'success' } },
  ]);
  expect(slack.received[0]?.body).toContain('shop_web was scaled from 2 to 3 replicas');
  const activity = await ask(answer.headers.get('location') ?? '');
  expect(await activity.json()).toMatchObject({ outcome: 'scaled', from: 2, to: 3 });
  expect(await (await ask('/metrics')).text()).toContain(
    'docker_flow_scaler_scalings_total{service="shop_web",direction="up"} 1',
  );
});

test('a deploy is undone at once, and one that happens while the program is down when it is back', async () => {
  deploy();
  const first = await start();
  await first.ask('/v1/scale-service?service=shop_web&to=5', { method: 'POST' });
  deploy('web:2');
  await until(() => replicas() === 5);
  expect(await first.end()).toBe(0);
  deploy('web:3');
  expect(replicas()).toBe(2);
  const second = await start();
  await until(() => replicas() === 5);
  const { activities } = (await (await second.ask('/v1/activities')).json()) as {
    activities: { outcome: string }[];
  };
  expect(activities.map(({ outcome }) => outcome)).toEqual(['restored', 'restored', 'scaled']);
});

test('open pages hear of what happens, under the prefix too, and do not hold up the end', async () => {
  deploy();
  const { ask, end } = await start({ SERVER_PREFIX: '/scaler' });
  const events = await ask('/scaler/v1/events');
  expect((await ask('/scaler/', { headers: { accept: 'text/html' } })).status).toBe(200);
  await ask('/scaler/v1/scale-service', webhook('up'));
  expect(await end()).toBe(0);
  const text = await events.text();
  expect(text).toContain('event: activity\ndata: {"atMs":');
  expect(text).toContain('"outcome":"scaled"');
});

test('without Docker it answers, is not ready and says why', async () => {
  const { ask } = await start({ DOCKER_HOST: 'tcp://127.0.0.1:1' });
  expect([(await ask('/v1/ping')).status, (await ask('/readyz')).status]).toEqual([200, 503]);
  const failed = await ask('/v1/scale-service', webhook('up'));
  expect([failed.status, await failed.json()]).toMatchObject([500, { status: 'NOK' }]);
});

test('services below their minimum are raised when that is switched on', async () => {
  engine.createService({
    Name: 'low',
    Labels: { 'com.df.scaleMin': '3' },
    Mode: { Replicated: { Replicas: 1 } },
  });
  await start({ ENFORCE_MIN_INTERVAL: '1' });
  await until(() => engine.service('low')?.Spec.Mode?.Replicated?.Replicas === 3);
});
