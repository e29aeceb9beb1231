import { connect } from 'node:net';
import { request as send } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { runActors } from '@docker-flow/daemon/process/lifecycle';
import { createEngineClient, startFakeDockerEngine, type FakeDockerEngine } from '@docker-flow/testkit';
import { readConfig } from './config/config.js';
import { createProgram } from './program.js';

/** The whole guard before a fake engine. */

interface Setting {
  readonly engine: FakeDockerEngine;
  readonly port: number;
  readonly stop: () => Promise<number>;
}

let setting: Setting;

async function start(): Promise<Setting> {
  const engine = await startFakeDockerEngine();
  const logger = silentLogger();
  const controller = new AbortController();
  const config = readConfig({ DF_LISTEN_ADDRESS: '127.0.0.1:0', DOCKER_HOST: engine.dockerHost });
  let ended: Promise<number> = Promise.resolve(0);
  const { port } = await new Promise<ListenAddress>((resolve) => {
    const { actors } = createProgram(config, { logger, version: 'test', onListening: resolve });
    ended = runActors(actors, { logger, stop: controller.signal });
  });
  async function stop(): Promise<number> {
    controller.abort();
    return ended;
  }
  return { engine, port, stop };
}

beforeEach(async () => {
  setting = await start();
});
afterEach(async () => {
  await setting.stop();
  await setting.engine.close();
});

function client() {
  return createEngineClient(`tcp://127.0.0.1:${setting.port}`, { timeoutMs: 10_000 });
}

interface ServiceJson {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: { readonly Name: string; readonly Mode: object };
}

async function createService(name = 'web'): Promise<ServiceJson> {
  const { ID } = setting.engine.createService({
    Name: name,
    Mode: { Replicated: { Replicas: 2 } },
    TaskTemplate: { ContainerSpec: { Image: 'web:1' } },
  });
  const { body } = await client().call('GET', `/v1.44/services/${ID}?insertDefaults=false`);
  return body as ServiceJson;
}

function update({ ID, Version }: ServiceJson, spec: object, query = '') {
  return client().call('POST', `/v1.44/services/${ID}/update?version=${Version.Index}${query}`, spec);
}

/** Bytes as they are; answers what came until the guard closed. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(setting.port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(8_000, () => socket.destroy());
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function changes(): readonly string[] {
  return setting.engine.calls.filter(({ method }) => method !== 'GET').map(({ path }) => path);
}

describe('what the scaler asks', () => {
  test('reads come through as Docker answers them', async () => {
    const { ID, Spec } = await createService();
    const guarded = client();
    const direct = createEngineClient(setting.engine.dockerHost);
    for (const path of [
      '/version',
      '/v1.44/services?status=true',
      `/services/${ID}`,
      '/services/none',
      '/nodes?filters=%7B%22role%22%3A%5B%22manager%22%5D%7D',
      `/tasks?filters=%7B%22service%22%3A%5B%22${ID}%22%5D%7D`,
      '/v1.99/services',
    ])
      expect(await guarded.call('GET', path)).toEqual(await direct.call('GET', path));
    expect(Spec.Name).toBe('web');
  });

  test('of the engine itself nothing is told but whether it is a manager', async () => {
    const { body } = await client().call('GET', '/info');
    expect(body).toMatchObject({ Swarm: { ControlAvailable: true, LocalNodeState: 'active' } });
    expect(Object.keys(body as object).sort()).toEqual(['ID', 'ServerVersion', 'Swarm']);
  });

  test('a count is written, over the version that was read only', async () => {
    const service = await createService();
    const spec = { ...service.Spec, Mode: { Replicated: { Replicas: 5 } } };
    expect(await update(service, spec, '&registryAuthFrom=spec')).toMatchObject({ status: 200 });
    expect(setting.engine.calls.at(-1)).toMatchObject({ path: `/services/${service.ID}/update` });
    const { body } = await client().call('GET', '/services/web');
    expect((body as ServiceJson).Spec.Mode).toEqual({ Replicated: { Replicas: 5 } });
    const again = await update(service, spec);
    expect(again.status).toBe(500);
    expect(again.text).toContain('update out of sequence');
  });

  test('an unknown service is unknown', async () => {
    expect(await client().call('POST', '/services/none/update?version=7', {})).toMatchObject({
      status: 404,
      body: { message: 'service none not found' },
    });
  });

  test('events come through at once, until the program ends', async () => {
    const seen: unknown[] = [];
    const filters = encodeURIComponent('{"type":["service"]}');
    let isOpen = false;
    const ended = client()
      .followEvents(
        `/v1.44/events?filters=${filters}`,
        { onOpen: () => (isOpen = true), onEvent: (event) => seen.push(event) },
        new AbortController().signal,
      )
      .catch(() => undefined);
    await until(() => isOpen);
    setting.engine.createService({ Name: 'new' });
    await until(() => seen.length > 0);
    expect(seen[0]).toMatchObject({ Type: 'service', Action: 'create' });
    expect(await setting.stop()).toBe(0);
    await ended;
  });

  test('an engine that is away is said to be away', async () => {
    await setting.engine.crash();
    expect(await client().call('GET', '/services')).toMatchObject({
      status: 502,
      body: { message: expect.stringContaining('does not answer') as unknown },
    });
  });
});

describe('everything else is 403, and Docker never hears of it:', () => {
  test('another change than that of the count', async () => {
    const service = await createService();
    const evil = { ...service.Spec, TaskTemplate: { ContainerSpec: { Image: 'evil' } } };
    expect(await update(service, evil)).toMatchObject({
      status: 403,
      body: { message: 'docker-guard: nothing but the replica count may change' },
    });
    expect(changes()).toEqual([]);
  });

  test.each([
    ['POST', '/services/create', { Name: 'evil' }],
    ['POST', '/v1.44/../containers/create', {}],
    ['POST', '/services/%2e%2e/containers/create', {}],
    ['DELETE', '/services/web', undefined],
    ['GET', '/secrets', undefined],
    ['GET', '/containers/json', undefined],
    ['PUT', '/services/web/update?version=1', {}],
    ['POST', '/services/web/update?version=0', {}],
    ['POST', '/services/web/update?version=None', {}],
    ['POST', '/healthz', {}],
    ['GET', '/metrics?x', undefined],
    ['GET', '/HEALTHZ', undefined],
  ])('%s %s', async (method, path, body) => {
    await createService();
    const before = setting.engine.calls.length;
    expect(await client().call(method, path, body)).toMatchObject({ status: 403 });
    expect(setting.engine.calls).toHaveLength(before);
  });

  test.each([
    ['an upgrade', 'POST /session HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'],
    [
      'a hijack of what is allowed',
      'GET /services HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n',
    ],
    ['an absolute address', 'GET http://docker/containers/json HTTP/1.1\r\nHost: x\r\n\r\n'],
    [
      'a body of a read',
      'GET /services HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
    ],
    ['a dot segment', 'GET /services/../secrets HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('%s', async (_what, bytes) => {
    expect(await raw(bytes)).toMatch(/^HTTP\/1\.1 403 /);
    expect(setting.engine.calls).toEqual([]);
  });

  test.each([
    ['a tunnel', 'CONNECT docker:2375 HTTP/1.1\r\nHost: x\r\n\r\n'],
    [
      'two lengths',
      'POST /services/web/update?version=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\n{}',
    ],
    [
      'length and chunks',
      'POST /services/web/update?version=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['headers without end', `GET /services HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(40_000)}\r\n\r\n`],
  ])('%s is not even a request', async (_what, bytes) => {
    expect(await raw(bytes)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    expect(setting.engine.calls).toEqual([]);
  });

  test('a body in chunks counts by what is in it', async () => {
    const service = await createService();
    const path = `/services/${service.ID}/update?version=${service.Version.Index}`;
    const status = await new Promise((resolve, reject) => {
      const call = send({ port: setting.port, host: '127.0.0.1', method: 'POST', path }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.on('error', reject);
      const text = JSON.stringify({ ...service.Spec, Name: 'evil' });
      for (let at = 0; at < text.length; at += 7) call.write(text.slice(at, at + 7));
      call.end();
    });
    expect(status).toBe(403);
    expect(changes()).toEqual([]);
  });

  test('a body without end is not waited for', async () => {
    const answer = new Promise((resolve, reject) => {
      const path = '/services/web/update?version=7';
      const call = send({ port: setting.port, host: '127.0.0.1', method: 'POST', path }, (response) => {
        response.resume();
        call.destroy();
        resolve(response.statusCode);
      });
      const more = () => !call.destroyed && call.write('x'.repeat(65_536), more);
      call.on('error', reject);
      more();
    });
    expect(await answer).toBe(403);
    expect(setting.engine.calls).toEqual([]);
  });
});

test('its own endpoints are beside those of Docker', async () => {
  await client().call('GET', '/secrets');
  await client().call('GET', '/version');
  expect(await client().call('GET', '/healthz')).toMatchObject({ status: 200 });
  const { text } = await client().call('GET', '/metrics');
  expect(text).toContain('docker_flow_guard_requests_total{kind="other",result="rejected"} 1');
  expect(text).toContain('docker_flow_guard_requests_total{kind="read",result="passed"} 1');
});
