import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { createListenerClient } from '@docker-flow/daemon/feed/listener-client';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { startFakeDockerEngine } from '@docker-flow/testkit';
import {
  eventually,
  runListener,
  startTestReceiver,
  startWorld,
  toldServices,
  type World,
} from './testing/world.js';

/** The whole listener against an engine that speaks Docker's protocol and receivers that may behave badly. */

// States are waited for, and a busy machine may take its time.
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(...parameters: Parameters<typeof startWorld>): Promise<World> {
  const world = await startWorld(...parameters);
  closing.push(() => world.close());
  return world;
}

const NOTIFY = { 'com.df.notify': 'true' };
const one = { Replicated: { Replicas: 1 } };

test('labels arrive as they are: 64 KB, control characters, emoji', async () => {
  const { engine, receivers } = await start([await startTestReceiver()]);
  const labels = {
    'com.df.long': 'x'.repeat(64 * 1024),
    'com.df.control': '\u0001\r\n\t"\\',
    'com.df.emoji 👩‍👩‍👧‍👦': '🇪🇺 &=+%00',
  };
  engine.createService({ Name: 'web', Labels: { ...NOTIFY, ...labels }, Mode: one });
  await eventually(() => expect(receivers[0]?.held.has('web')).toBe(true));
  expect(receivers[0]?.held.get('web')).toMatchObject({
    long: labels['com.df.long'],
    control: labels['com.df.control'],
    'emoji 👩‍👩‍👧‍👦': labels['com.df.emoji 👩‍👩‍👧‍👦'],
  });
});

test('receivers that hang, answer garbage or redirect in circles cost the others nothing', async () => {
  const good = await startTestReceiver();
  const bad = await Promise.all([
    startTestReceiver({ misbehave: () => undefined }),
    startTestReceiver({ misbehave: (request) => request.socket.end('garbage\r\n\r\n') }),
    startTestReceiver({
      misbehave(_request, response) {
        response.writeHead(302, { Location: '/create' });
        response.end();
      },
    }),
  ]);
  const { engine } = await start([...bad, good], { DF_RETRY: '0', DF_RESYNC_INTERVAL: '0' });
  const names = Array.from({ length: 20 }, (_, i) => `web-${i}`);
  for (const Name of names) engine.createService({ Name, Labels: NOTIFY, Mode: one });
  await eventually(() => expect([...good.held.keys()].sort()).toEqual([...names].sort()));
  for (const name of names) engine.removeService(name);
  await eventually(() => expect(good.held.size).toBe(0));
});

test('the tag of get-services changes exactly when its content does', async () => {
  const { engine, listener } = await start([await startTestReceiver()]);
  const get = async (tag?: string) => {
    const answer = await fetch(
      `${listener.url}/get-services`,
      tag === undefined ? {} : { headers: { 'If-None-Match': tag } },
    );
    return { status: answer.status, tag: answer.headers.get('etag') ?? '', body: await answer.text() };
  };
  engine.createService({ Name: 'web', Labels: NOTIFY, Mode: one });
  const first = await get();
  expect(JSON.parse(first.body)).toEqual([{ distribute: 'true', replicas: '1', serviceName: 'web' }]);
  // Something changes that nobody is told of.
  engine.changeService('web', { Labels: { ...NOTIFY, other: 'label' } });
  expect(await get(first.tag)).toEqual({ status: 304, tag: first.tag, body: '' });
  engine.changeService('web', { Labels: { ...NOTIFY, 'com.df.port': '80' } });
  const second = await get(first.tag);
  expect([second.status, second.tag === first.tag]).toEqual([200, false]);
  engine.changeService('web', { Labels: NOTIFY });
  expect((await get(second.tag)).tag).toBe(first.tag);
});

test('a task that moves is told with its new address, although Docker has no event for it', async () => {
  const { engine, receivers } = await start([await startTestReceiver()], {
    DF_INCLUDE_NODE_IP_INFO: 'true',
    DF_WAIT_FOR_CONVERGENCE: 'none',
  });
  engine.createService({
    Name: 'web',
    Labels: { ...NOTIFY, 'com.df.scrapeNetwork': 'monitor' },
    Mode: one,
    TaskTemplate: { Networks: [{ Target: 'monitor' }] },
  });
  const info = () => receivers[0]?.held.get('web')?.['nodeInfo'];
  await eventually(() => expect(info()).toBeDefined());
  const [task] = engine.tasks('web');
  const network = { ID: 'n', Spec: { Name: 'monitor' } };
  engine.changeTask(task?.ID ?? '', {
    NetworksAttachments: [{ Network: network, Addresses: ['10.9.9.9/24'] }],
  });
  await eventually(() => expect(info()).toContain('10.9.9.9'));
});

test.each(['service', 'node'] as const)(
  'a stream of %s events that is open and silent is noticed by a comparison and opened anew',
  async (type) => {
    const nodes = await startTestReceiver({ key: 'id' });
    closing.push(() => nodes.close());
    const { engine, receivers } = await start([await startTestReceiver()], {
      DF_NOTIFY_CREATE_NODE_URL: `${nodes.url}/create`,
      DF_RESYNC_INTERVAL: '1',
    });
    await eventually(() => expect([engine.openEventStreams(), nodes.held.size]).toEqual([2, 2]));
    engine.muteEvents(true);
    const streams = () => engine.calls.filter((call) => call.path === '/events').length;
    const before = streams();
    const add = {
      node: () => {
        const { ID: id } = engine.addNode({ hostname: 'third' });
        return () => nodes.held.has(id);
      },
      service: () => {
        engine.createService({ Name: 'web', Labels: NOTIFY, Mode: one });
        return () => receivers[0]?.held.has('web');
      },
    }[type];
    const isTold = add();
    await eventually(() => expect(isTold()).toBe(true));
    await eventually(() => expect(streams()).toBe(before + 1));
  },
);

test('Docker that is away at the start is waited for, and ping answers meanwhile', async () => {
  const engine = await startFakeDockerEngine();
  closing.push(() => engine.close());
  engine.createService({ Name: 'web', Labels: NOTIFY, Mode: one });
  await engine.crash();
  const receiver = await startTestReceiver();
  closing.push(() => receiver.close());
  const listener = await runListener({ DF_DOCKER_HOST: engine.dockerHost, ...toldServices([receiver]) });
  closing.push(() => listener.stop());
  const status = async (end: string) => (await fetch(`${listener.url}${end}`)).status;
  expect([await status('/ping'), await status('/ready'), await status('/get-services')]).toEqual([
    200, 503, 500,
  ]);
  await engine.again();
  await eventually(() => expect(receiver.held.has('web')).toBe(true));
  await eventually(async () => expect(await status('/ready')).toBe(200));
});

test('an engine that refuses all but its newest API versions is understood', async () => {
  const { engine, receivers } = await start(
    [await startTestReceiver()],
    {},
    { apiVersion: '1.47', minApiVersion: '1.44' },
  );
  engine.createService({ Name: 'web', Labels: NOTIFY, Mode: one });
  await eventually(() => expect(receivers[0]?.held.has('web')).toBe(true));
});

test('with a state file a service that went while the listener was down is removed after its start', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'listener-'));
  closing.push(() => rm(directory, { recursive: true }));
  const environment = { DF_STATE_FILE: path.join(directory, 'state.json') };
  const { engine, receivers, listener } = await start([await startTestReceiver()], environment);
  engine.createService({ Name: 'web', Labels: NOTIFY, Mode: one });
  await eventually(() => expect(receivers[0]?.held.has('web')).toBe(true));
  expect(await listener.stop()).toBe(0);
  engine.removeService('web');
  const next = await runListener({
    DF_DOCKER_HOST: engine.dockerHost,
    ...toldServices(receivers),
    ...environment,
  });
  closing.push(() => next.stop());
  await eventually(() => expect(receivers[0]?.held.size).toBe(0));
});

test('a node that goes down is removed and not announced as down, and services are not taken away with it', async () => {
  const nodes = await startTestReceiver({ key: 'id' });
  closing.push(() => nodes.close());
  const { engine, receivers } = await start([await startTestReceiver()], {
    DF_NOTIFY_CREATE_NODE_URL: `${nodes.url}/create`,
    DF_NOTIFY_REMOVE_NODE_URL: `${nodes.url}/remove`,
    DF_NODE_POLLING_INTERVAL: '1',
  });
  const node = engine.addNode({ hostname: 'third' });
  engine.createService({ Name: 'web', Labels: NOTIFY, Mode: { Replicated: { Replicas: 3 } } });
  await eventually(() => expect([nodes.held.size, receivers[0]?.held.size]).toEqual([3, 1]));
  engine.changeNode(node.ID, { state: 'down' });
  await eventually(() => expect(nodes.held.has(node.ID)).toBe(false));
  // Two polls later it is still so.
  const polls = () => engine.calls.filter(({ path }) => path === '/nodes').length;
  const before = polls();
  await eventually(() => expect(polls()).toBeGreaterThan(before + 2));
  expect([...nodes.held.values()].map((one) => one['state'])).toEqual(['ready', 'ready']);
  expect(receivers[0]?.requests).not.toContain('remove web');
  engine.changeNode(node.ID, { state: 'ready' });
  await eventually(() => expect(nodes.held.get(node.ID)?.['state']).toBe('ready'));
});

test('at the start nodes are compared once: what a receiver does not take is not sent twice at once', async () => {
  const nodes = await startTestReceiver({
    key: 'id',
    misbehave: (_request, response) => void response.writeHead(500).end(),
  });
  closing.push(() => nodes.close());
  await start([], { DF_NOTIFY_CREATE_NODE_URL: `${nodes.url}/create`, DF_RETRY: '0' });
  await eventually(() => expect(nodes.requests).toHaveLength(2), { steadyMs: 2_000 });
});

test('whoever asks for it has everything sent again', async () => {
  const { engine, receivers, listener } = await start([await startTestReceiver()]);
  engine.createService({ Name: 'web', Labels: NOTIFY, Mode: one });
  await eventually(() => expect(receivers[0]?.requests).toEqual(['create web']));
  await fetch(`${listener.url}/notify-services`);
  await eventually(() => expect(receivers[0]?.requests).toEqual(['create web', 'create web']));
});

test('what is written on a service and not in force is told in status, in a metric and by no notification', async () => {
  const { engine, receivers, listener } = await start([await startTestReceiver()]);
  // Services that are not marked are known by their events alone.
  await eventually(() => expect(engine.openEventStreams()).toBe(2));
  const get = async (url: string) => (await fetch(url)).text();
  const warnings = async () => {
    const status = JSON.parse(await get(`${listener.url}/status`)) as { warnings: { label: string }[] };
    return status.warnings.map(({ label }) => label);
  };
  engine.createService({
    Name: 'web',
    Labels: { 'com.df.notify': '"true"', 'com.df.shortname': 'x' },
    Mode: one,
  });
  engine.createService({ Name: 'yes', Labels: { 'com.df.notify': 'yes' }, Mode: one });
  engine.createService({
    Name: 'beside',
    Labels: {},
    Mode: one,
    TaskTemplate: { ContainerSpec: { Labels: NOTIFY } },
  });
  await eventually(async () =>
    expect(await warnings()).toEqual(['com.df.notify', 'com.df.notify', 'com.df.shortname', 'com.df.notify']),
  );
  await eventually(() => expect(receivers[0]?.requests).toEqual(['create web']));
  expect(await get(`${new URL(listener.url).origin}/metrics`)).toContain(
    'docker_flow_swarm_listener_ignored_label{service="yes",label="com.df.notify"} 1',
  );
  for (const name of ['web', 'yes', 'beside']) engine.removeService(name);
  await eventually(async () => expect(await warnings()).toEqual([]));
});

test('whoever follows its lists hears which services only do not run right now', async () => {
  const { engine, listener } = await start([await startTestReceiver()]);
  const client = createListenerClient(createHttpClient({ timeoutMs: 10_000 }), new URL(listener.url).origin);
  const names = async () => {
    const answer = await client.getServices();
    if (answer.kind === 'unchanged') throw new Error('asked without a tag');
    return [answer.rows, answer.notRunning ?? []].map((rows) => rows.map((row) => row['serviceName']));
  };
  for (const Name of ['web', 'restarted']) engine.createService({ Name, Labels: NOTIFY, Mode: one });
  expect(await names()).toEqual([['restarted', 'web'], []]);
  const [task] = engine.tasks('restarted');
  engine.changeTask(task?.ID ?? '', { Status: { State: 'failed' } });
  await eventually(async () => expect(await names()).toEqual([['web'], ['restarted']]));
});

test('with a token secrets are shown and everything is sent again only for those who show it', async () => {
  const { engine, receivers, listener } = await start([await startTestReceiver()], { API_TOKEN: 'sesame' });
  engine.createService({ Name: 'web', Labels: { ...NOTIFY, 'com.df.users': 'admin:hunter2' }, Mode: one });
  const get = async (end: string, authorization?: string) => {
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const answer = await fetch(`${listener.url}${end}`, { headers });
    return { status: answer.status, text: await answer.text() };
  };
  await eventually(() => expect(receivers[0]?.requests).toEqual(['create web']));
  const basic = `Basic ${Buffer.from('anybody:sesame').toString('base64')}`;
  for (const right of ['Bearer sesame', basic])
    expect((await get('/get-services', right)).text).toContain('"users":"admin:hunter2"');
  expect((await get('/get-services')).text).toContain('"users":"***"');
  expect((await get('/get-services', 'Bearer open')).status).toBe(401);
  expect([(await get('/notify-services')).status, (await get('/ping')).status]).toEqual([401, 200]);
  expect((await get('/notify-services', 'Bearer sesame')).status).toBe(200);
  await eventually(() => expect(receivers[0]?.requests).toEqual(['create web', 'create web']));
});
