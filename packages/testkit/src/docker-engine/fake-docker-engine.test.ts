import { afterEach, expect, test } from '@jest/globals';
import {
  startFakeDockerEngine,
  type FakeDockerEngine,
  type FakeEngineOptions,
} from './fake-docker-engine.js';

const open: FakeDockerEngine[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

async function start(options?: FakeEngineOptions): Promise<FakeDockerEngine> {
  const engine = await startFakeDockerEngine(options);
  open.push(engine);
  return engine;
}

async function call(
  engine: FakeDockerEngine,
  path: string,
  init?: RequestInit,
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${engine.dockerHost.replace('tcp:', 'http:')}${path}`, init);
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

async function* lines(engine: FakeDockerEngine, path: string): AsyncGenerator<Record<string, unknown>> {
  const answer = await fetch(`${engine.dockerHost.replace('tcp:', 'http:')}${path}`);
  let rest = '';
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    rest += new TextDecoder().decode(chunk);
    for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n')) {
      yield JSON.parse(rest.slice(0, at)) as Record<string, unknown>;
      rest = rest.slice(at + 1);
    }
  }
}

const web = { Name: 'web', Labels: { 'com.df.notify': 'true' }, Mode: { Replicated: { Replicas: 2 } } };

test('tasks follow their service', async () => {
  const engine = await start({ nodes: 3 });
  engine.createService(web);
  expect(engine.tasks('web').map((task) => [task.Slot, task.Status.State])).toEqual([
    [1, 'running'],
    [2, 'running'],
  ]);
  engine.changeService('web', { Mode: { Replicated: { Replicas: 1 } } });
  expect(engine.tasks('web').filter((task) => task.DesiredState === 'running')).toHaveLength(1);
});

test('an update with a version that is not the newest is out of sequence', async () => {
  const engine = await start();
  const service = engine.createService(web);
  const update = (version: number) =>
    call(engine, `/v1.41/services/web/update?version=${version}`, {
      method: 'POST',
      body: JSON.stringify({ ...web, Mode: { Replicated: { Replicas: 3 } } }),
    });
  expect(await update(service.Version.Index)).toEqual({ status: 200, body: { Warnings: null } });
  expect(await update(service.Version.Index)).toEqual({
    status: 500,
    body: { message: 'rpc error: code = Unknown desc = update out of sequence' },
  });
});

test.each([
  ['/services?filters={"label":["com.df.notify"]}', 200, 1],
  ['/services?filters={"label":{"com.df.notify=false":true}}', 200, 0],
  ['/services?filters={"name":["w"]}', 200, 1],
  ['/tasks?filters={"service":["web"],"desired-state":["running"]}', 200, 2],
  ['/tasks?filters={"service":["web"],"_up-to-date":["true"]}', 200, 2],
  ['/nodes?filters={"role":["manager"]}', 200, 1],
])('GET %s answers %d with %d objects', async (path, status, count) => {
  const engine = await start({ nodes: 2 });
  engine.createService(web);
  const answer = await call(engine, encodeURI(path));
  expect(answer.status).toBe(status);
  expect(answer.body).toHaveLength(count);
});

test.each([
  ['/services/none', 404, 'service none not found'],
  ['/tasks?filters={"service":["none"]}', 404, 'service none not found'],
  ['/services?filters={"bogus":["x"]}', 400, "Invalid filter 'bogus'"],
  ['/v1.47/nodes', 400, 'client version 1.47 is too new. Maximum supported API version is 1.46'],
])('GET %s is refused with %d', async (path, status, message) => {
  const engine = await start();
  expect(await call(engine, encodeURI(path))).toEqual({ status, body: { message } });
});

test('every change is an event, as Docker sends it, and past events come again with since', async () => {
  const engine = await start();
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const event of lines(engine, '/events?filters={"type":["service"]}')) {
      seen.push([event['Action'], (event['Actor'] as { Attributes: unknown }).Attributes]);
      if (seen.length === 3) return;
    }
  })();
  while (engine.openEventStreams() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  engine.createService(web);
  engine.changeService('web', { Mode: { Replicated: { Replicas: 5 } } });
  engine.removeService('web');
  await reading;
  expect(seen).toEqual([
    ['create', { name: 'web' }],
    ['update', { name: 'web', 'replicas.old': '2', 'replicas.new': '5' }],
    ['remove', { name: 'web' }],
  ]);
  const again: unknown[] = [];
  const past = `/events?since=1&until=${Date.now() / 1000 + 0.05}&filters={"type":["service"]}`;
  for await (const event of lines(engine, past)) again.push(event['Action']);
  expect(again).toEqual(['create', 'update', 'remove']);
});

test('a crash breaks streams and comes back on the same address with the same cluster', async () => {
  const engine = await start();
  engine.createService(web);
  const stream = lines(engine, '/events').next();
  stream.catch(() => undefined);
  while (engine.openEventStreams() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await engine.crash();
  await expect(stream).rejects.toThrow();
  await expect(call(engine, '/services')).rejects.toThrow();
  await engine.again();
  expect((await call(engine, '/services')).body).toHaveLength(1);
});

test('faults answer instead, as often as they say', async () => {
  const engine = await start();
  engine.fault({ method: 'GET', path: '/nodes', status: 503, message: 'no', times: 1 });
  expect(await call(engine, '/nodes')).toEqual({ status: 503, body: { message: 'no' } });
  expect((await call(engine, '/nodes')).status).toBe(200);
});
