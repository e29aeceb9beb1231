// cluster: none
// images: none
// when: ci
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDashboard, type StartedDashboard } from '@docker-flow/dashboard/testing/start-dashboard';
import { startFakeDockerEngine, type FakeDockerEngine, type ServiceSpec } from '@docker-flow/testkit';
import { getStatus } from '../../harness/http-get.js';
import { startLoop, type LoopProcesses } from '../../harness/programs/loop-processes.js';
import { until } from '../../harness/until.js';

/**
 * What the dashboard asks, of the real programs: listener, proxy with HAProxy, monitor with Prometheus, Alertmanager,
 * scaler and certificates with an authority. Only Docker is a fake.
 */

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../..');
const SERVICE = 'shop_web';
const LIMIT = { everyMs: 200 };

let engine: FakeDockerEngine;
let loop: LoopProcesses | undefined;
let dashboard: StartedDashboard | undefined;
/** The task of the service: it answers everything, metrics too. */
let task: Server;

beforeAll(async () => {
  engine = await startFakeDockerEngine({ nodes: [{ hostname: 'node-1', role: 'manager' }] });
  task = createServer((request, response) => {
    response.end(request.url === '/metrics' ? 'shop_orders_total 1\n' : 'welcome');
  });
  await new Promise<void>((resolve) => task.listen(0, '127.0.0.1', resolve));
  loop = await startLoop({ root, dockerHost: engine.dockerHost });
  dashboard = await startDashboard({ addresses: loop.addresses, pollInterval: '500ms' });
});

afterAll(async () => {
  await dashboard?.stop();
  await loop?.stop();
  await engine.close();
  await new Promise((resolve) => task.close(resolve));
});

/** Announces a service whose task is this machine. */
function create(
  name: string,
  labels: Readonly<Record<string, string>>,
  more: Partial<ServiceSpec> = {},
): void {
  const { ID } = engine.createService({
    Name: name,
    Labels: Object.fromEntries(
      // There is one proxy, and no DNS that knows its replicas.
      Object.entries({ notify: 'true', distribute: 'false', scrapeNetwork: 'shop', ...labels }).map(
        ([label, value]) => [`com.df.${label}`, value],
      ),
    ),
    TaskTemplate: { Networks: [{ Target: 'shop' }] },
    Mode: { Replicated: { Replicas: 1 } },
    ...more,
  });
  for (const { ID: id, NetworksAttachments = [] } of engine.tasks(ID))
    engine.changeTask(id, {
      NetworksAttachments: NetworksAttachments.map(({ Network }) => ({
        Network,
        Addresses: ['127.0.0.1/8'],
      })),
    });
}

type State = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

async function get(path: string): Promise<unknown> {
  return (await fetch(`${dashboard?.url ?? ''}${path}`)).json();
}

/** Waits until the state of the page fulfils the expectation. */
async function stateBecomes(what: string, fulfils: (state: State) => void): Promise<State> {
  return until(
    what,
    async () => {
      const state = (await get('/v1/state')) as State;
      const away = Object.values(state).filter((value) => value?.['state'] === 'away');
      if (away.length > 0) return { notYet: JSON.stringify(away) };
      fulfils(state);
      return { done: state };
    },
    LIMIT,
  );
}

/** Waits until what is asked about one service fulfils the expectation. */
function answerBecomes(path: string, fulfils: (answer: unknown) => void): Promise<void> {
  return until(
    path,
    async () => {
      fulfils(await get(path));
      return { done: undefined };
    },
    LIMIT,
  );
}

function address(source: keyof LoopProcesses['addresses']): string {
  return loop?.addresses[source] ?? '';
}

test('every program is understood', async () => {
  const state = await stateBecomes('all sources are up', (now) => {
    for (const source of Object.keys(loop?.addresses ?? {}))
      expect(now[`source/${source}`]).toMatchObject({ state: 'up' });
  });
  expect(Object.entries(state).filter(([key]) => key.startsWith('node/'))).toMatchObject([
    [expect.any(String), { hostname: 'node-1', role: 'manager', state: 'ready' }],
  ]);
});

test('what labels become is joined: route, target, alerts, certificate, count', async () => {
  const port = String((task.address() as AddressInfo).port);
  create('flow_proxy', {
    scrapePort: new URL(address('proxy')).port,
    metricsPath: '/v1/docker-flow-proxy/haproxy-metrics',
  });
  create('flow_scaler', { scrapePort: new URL(address('scaler')).port });
  create(SERVICE, {
    servicePath: '/',
    serviceDomain: 'shop.acme.test',
    port,
    outboundHostname: '127.0.0.1',
    acme: 'true',
    scrapePort: port,
    'alertName.1': 'always',
    'alertIf.1': 'vector(3) > 2',
    'alertName.2': 'broken',
    'alertIf.2': 'sum(',
    scaleMin: '1',
    scaleMax: '3',
  });
  await stateBecomes('the row says all of it', (now) => {
    expect(now[`service/${SERVICE}`]).toMatchObject({
      routes: ['shop.acme.test/'],
      running: 1,
      wanted: 1,
      min: 1,
      max: 3,
      targets: 1,
      targetsUp: 1,
      firing: 1,
      problems: 1,
    });
    // Not scaled, and yet its tasks are counted.
    expect(now['service/flow_proxy']).toMatchObject({ running: 1, wanted: 1 });
    expect(now[`certificate/acme-${SERVICE}.pem`]).toMatchObject({
      state: 'valid',
      services: [SERVICE],
      names: ['shop.acme.test'],
      expires: expect.stringMatching(/^20/),
      renewAt: expect.stringMatching(/^20/),
    });
  });
  await until(
    'the proxy tells the renewal, too',
    async () => {
      const url = `${address('proxy')}/v1/docker-flow-proxy/status`;
      expect(await (await fetch(url)).json()).toMatchObject({
        certificates: expect.arrayContaining([
          expect.objectContaining({ name: `acme-${SERVICE}.pem`, renewAt: expect.stringMatching(/^20/) }),
        ]),
      });
      return { done: undefined };
    },
    LIMIT,
  );
});

test('requests that HAProxy counts are those of the service', async () => {
  await until(
    'requests are on the page',
    async () => {
      for (let i = 0; i < 20; i += 1)
        await getStatus(`http://127.0.0.1:${loop?.httpPort ?? 0}/`, 'shop.acme.test');
      const state = (await get('/v1/state')) as State;
      const { requestsPerSecond, meanSeconds } = state[`service/${SERVICE}`] ?? {};
      return Number(requestsPerSecond) > 0 && meanSeconds !== undefined
        ? { done: true }
        : { notYet: JSON.stringify(state[`service/${SERVICE}`]) };
    },
    LIMIT,
  );
});

test('the proxy says when it last changed something, and how long that took', async () => {
  await stateBecomes('its station has both', (now) => {
    expect(now['station/proxy']?.['facts']).toEqual(
      expect.arrayContaining([
        { label: 'last good', atMs: expect.any(Number) },
        { label: 'label → live p95', seconds: expect.any(Number) },
      ]),
    );
  });
});

test('a step of the scaler is the last decision', async () => {
  await fetch(`${address('scaler')}/v1/scale-service?service=${SERVICE}&scale=up`, { method: 'POST' });
  await stateBecomes('the decision is on the page', (now) => {
    expect(now[`service/${SERVICE}`]).toMatchObject({ wanted: 2, lastDecision: { from: 1, to: 2 } });
  });
});

test('what is asked of one service', async () => {
  await answerBecomes(`/v1/services/${SERVICE}`, (detail) => {
    expect(detail).toMatchObject({
      routes: [{ domain: 'shop.acme.test', path: '/' }],
      targets: expect.arrayContaining([expect.objectContaining({ health: 'up' })]),
      alerts: [{ name: 'always', state: 'firing', value: '3', delivered: [{ receivers: ['nobody'] }] }],
      scaling: { min: { value: 1 }, max: { value: 3 } },
      labels: expect.arrayContaining([
        expect.objectContaining({ label: 'alertIf.2', state: 'rejected' }),
        expect.objectContaining({ label: 'servicePath', state: 'in force' }),
      ]),
      servers: [{ state: 'UP' }],
    });
  });
  await answerBecomes('/v1/explain?host=shop.acme.test&path=/cart', (answer) =>
    expect(answer).toMatchObject({ taken: { service: SERVICE } }),
  );
  await answerBecomes(`/v1/services/${SERVICE}/timeline?range=900`, (timeline) =>
    expect(timeline).toMatchObject({
      min: 1,
      max: 3,
      alerts: expect.arrayContaining([expect.objectContaining({ state: 'firing' })]),
      decisions: [{ from: 1, to: 2 }],
    }),
  );
});

test('a task that waits says why, in the words of Swarm', async () => {
  const waiting = engine.tasks(SERVICE).find(({ Slot }) => Slot === 2);
  const task = waiting ?? engine.addTask(SERVICE);
  const error = 'no suitable node (insufficient resources on 1 node)';
  engine.removeTask(task.ID);
  engine.addTask(task.ServiceID, { ...task, NodeID: '', Status: { State: 'pending', Err: error } });
  await answerBecomes(`/v1/services/${SERVICE}`, (detail) =>
    expect(detail).toMatchObject({
      tasks: expect.arrayContaining([
        expect.objectContaining({ tasks: [expect.objectContaining({ state: 'pending', reason: error })] }),
        expect.objectContaining({ node: 'node-1', addresses: ['127.0.0.1'] }),
      ]),
    }),
  );
});

test('a service that is scaled on a target shows the value beside it, and its load over time', async () => {
  const name = 'shop_api';
  create(name, { scaleMin: '1', scaleMax: '4', scaleOn: 'vector(60)', scaleTarget: '20' });
  await stateBecomes('it has three replicas', (now) => {
    expect(now[`service/${name}`]).toMatchObject({ wanted: 3, lastDecision: { to: 3 } });
  });
  await answerBecomes(`/v1/services/${name}`, (detail) =>
    expect(detail).toMatchObject({
      scaling: {
        target: {
          metrics: [{ on: 'vector(60)', target: 20, value: 60 }],
          conditions: expect.arrayContaining([
            expect.objectContaining({ type: 'ScalingActive', status: true }),
          ]),
        },
      },
    }),
  );
  await answerBecomes(`/v1/services/${name}/timeline?range=900`, (timeline) =>
    expect(timeline).toMatchObject({
      loads: expect.arrayContaining([
        { name: 'vector(60)', points: expect.arrayContaining([[expect.any(Number), 1]]) },
      ]),
    }),
  );
});

test('a service that is removed is gone from the page', async () => {
  engine.removeService(SERVICE);
  await stateBecomes('it is gone', (now) => {
    expect(now[`service/${SERVICE}`]).toBeUndefined();
  });
});
