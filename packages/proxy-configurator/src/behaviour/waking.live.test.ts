import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Parameters } from '@docker-flow/labels';
import type { Settings } from '../core/model/settings.js';
import { placeScalerToken } from '../program/scaler-token.js';
import { ask, freePorts, makeRoot, startHaproxy, writeConfig } from '../testing/live-haproxy.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

/** The script through a real HAProxy, with a scaler and a service that do what a test tells them. */
const { root, remove } = makeRoot();
const asks: { method: string; url: string; headers: IncomingHttpHeaders }[] = [];
let onAsk: () => number | undefined | Promise<number | undefined> = () => 200;
let scaler: Server;
let service: Server | undefined;
const served: string[] = [];
let ready = true;
let http: number;
let port: number;
let hangingPort: number;
let settings: Settings;
let haproxy: { stop(): Promise<void> };

beforeAll(async () => {
  scaler = createServer((request, response) => {
    asks.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    void Promise.resolve(onAsk()).then((status) => {
      if (status === undefined) return;
      response.statusCode = status;
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => scaler.listen(0, '127.0.0.1', () => resolve()));
  [http = 0, port = 0, hangingPort = 0] = await freePorts(3);
  settings = settingsOf(root, {
    DEFAULT_PORTS: String(http),
    SCALER_ADDRESS: `http://127.0.0.1:${(scaler.address() as AddressInfo).port}/base/`,
    SCALER_TOKEN: 'sesame',
    WAKE_MAX_WAITING: '30',
  });
  await placeScalerToken(settings.paths.scalerToken, 'sesame', silentLogger());
  haproxy = await startHaproxy(writeConfig(renderServices(services(settings), settings), settings), [http]);
});
afterAll(async () => {
  await haproxy.stop();
  scaler.closeAllConnections();
  scaler.close();
  remove();
});
beforeEach(() => {
  asks.length = served.length = 0;
  onAsk = () => 200;
  ready = true;
});
afterEach(stopService);

const SHORT = { wakeWait: '1', wakePage: '0', retries: '0' };

/** One for each test, since the script remembers what it has seen. All are at the same port. */
function services(of: Settings) {
  const one = (serviceName: string, more: Parameters) =>
    routedService(
      {
        serviceName,
        servicePath: `/${serviceName}`,
        outboundHostname: '127.0.0.1',
        port: String(port),
        replicas: '0',
        wakeOnRequest: 'true',
        ...more,
      },
      of,
    );
  return [
    one('web', { wakeReplicas: '2', wakeWait: '4' }),
    ...['up', 'page', 'slow', 'many', 'other', 'listed', 'broken'].map((name) => one(name, SHORT)),
    one('again', { wakeWait: '4' }),
    one('hanging', { port: String(hangingPort), wakeWait: '2', retries: '0' }),
    one('crashed', { replicas: '1', wakeWait: '1', retries: '0' }),
    one('closed', { retries: '0', users: 'joe:pw', deniedMethods: 'DELETE' }),
    one('checked', { checkPath: '/ready', checkInterval: '1', wakeWait: '4' }),
  ];
}

async function startService(): Promise<number> {
  if (service) return 200;
  const started = createServer((request, response) => {
    if (request.url === '/ready') response.statusCode = ready ? 200 : 503;
    else served.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => response.end('here'));
  });
  service = started;
  await new Promise<void>((resolve) => started.listen(port, '127.0.0.1', () => resolve()));
  return 200;
}

async function stopService(): Promise<void> {
  const stopped = service;
  service = undefined;
  stopped?.closeAllConnections();
  await new Promise<void>((resolve) => (stopped ? stopped.close(() => resolve()) : resolve()));
}

const BROWSER = { Accept: 'text/html,*/*' };

test('a storm is one ask, which says who asks for what, and no forwarded header; all are served once', async () => {
  onAsk = startService;
  const forged = { 'X-Forwarded-For': '10.9.8.7', 'X-DF-Wake': 'df-scaler' };
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => ask(http, { path: '/web/a', method: 'POST', headers: forged })),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(served).toHaveLength(30);
  expect(asks).toHaveLength(1);
  const { method, url, headers } = asks[0] ?? { headers: {} };
  expect([method, url]).toEqual(['POST', '/base/v1/scale-service?service=web&to=2']);
  expect(headers.authorization).toBe('Bearer sesame');
  expect(Object.keys(headers).filter((name) => /forwarded|real-ip|via|x-df/.test(name))).toEqual([]);
});

test('a service that takes connections is not asked for, whatever is announced', async () => {
  await startService();
  expect((await ask(http, { path: '/up' })).body).toBe('here');
  expect(asks).toEqual([]);
});

test('a browser gets a page that reloads itself, all others 503 after the time; both know when to come again', async () => {
  const page = await ask(http, { path: '/page', headers: BROWSER });
  expect(page).toMatchObject({ status: 503, headers: { 'retry-after': '2', 'cache-control': 'no-store' } });
  expect(page.body).toContain('http-equiv="refresh"');
  expect(page.body).not.toContain('<script');
  expect(page.headers).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'x-content-type-options': 'nosniff',
  });
  const head = await ask(http, { path: '/page', headers: BROWSER, method: 'HEAD' });
  expect([head.status, head.headers['content-type'], head.body]).toEqual([
    503,
    'text/html; charset=utf-8',
    '',
  ]);
  const begun = performance.now();
  const post = await ask(http, { path: '/page', headers: BROWSER, method: 'POST' });
  expect([post.status, post.headers['retry-after'], post.body]).toEqual([503, '2', '']);
  expect(performance.now() - begun).toBeGreaterThan(900);
});

test('an ask that failed is repeated while requests wait', async () => {
  onAsk = async () => (asks.length === 1 ? 500 : startService());
  expect((await ask(http, { path: '/again' })).status).toBe(200);
  expect(asks).toHaveLength(2);
});

test('an address that answers nothing does not hold up the ask', async () => {
  const stop = await listenWithoutAnswer(hangingPort);
  try {
    expect((await ask(http, { path: '/hanging' })).status).toBe(503);
    expect(asks).toHaveLength(1);
  } finally {
    await stop();
  }
});

/** A port whose connections neither stand nor are refused: nobody accepts, and the queue is full. */
async function listenWithoutAnswer(at: number): Promise<() => Promise<void>> {
  const listen = `require('net').createServer().listen(${at}, '127.0.0.1', 1, () => console.log('here'))`;
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGSTOP');
  const queued: Socket[] = [];
  let isFull = false;
  while (!isFull) {
    const one = connect(at, '127.0.0.1').on('error', () => undefined);
    queued.push(one);
    const stands = new Promise((resolve) => one.once('connect', resolve));
    // Two waits: after one that this process slept through, a connection that stands is not seen yet.
    await Promise.race([stands, sleep(200).then(() => sleep(100))]);
    isFull = one.connecting;
  }
  return async () => {
    for (const one of queued) one.destroy();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
}

test('a scaler that does not answer delays nobody', async () => {
  onAsk = () => undefined;
  expect((await ask(http, { path: '/slow' })).status).toBe(503);
  await startService();
  expect((await ask(http, { path: '/slow' })).status).toBe(200);
});

test('above the number that may wait the answer comes at once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 34 }, async () => {
      const begun = performance.now();
      await ask(http, { path: '/many', method: 'POST' });
      return performance.now() - begun;
    }),
  );
  expect(answers.filter((ms) => ms < 900)).toHaveLength(4);
});

test('nothing is asked for while replicas are announced; after the first success a crash is 503 at once', async () => {
  expect((await ask(http, { path: '/crashed' })).headers['retry-after']).toBe('2');
  await startService();
  expect((await ask(http, { path: '/crashed' })).status).toBe(200);
  await stopService();
  expect((await ask(http, { path: '/crashed' })).body).toBe('error 503\n');
  expect(asks).toEqual([]);
});

test('who may not use the service does not wake it', async () => {
  expect((await ask(http, { path: '/closed' })).status).toBe(401);
  const joe = { Authorization: `Basic ${Buffer.from('joe:pw').toString('base64')}` };
  expect((await ask(http, { path: '/closed', method: 'DELETE', headers: joe })).status).toBe(403);
  expect(asks).toEqual([]);
});

test('with a check a request waits until it is good, and its answer goes nowhere else', async () => {
  ready = false;
  onAsk = startService;
  const answer = ask(http, { path: '/checked' });
  await ask(http, { path: '/other' });
  expect(served.filter((one) => one.includes('checked'))).toEqual([]);
  ready = true;
  expect(await answer).toMatchObject({ status: 200, body: 'here' });
});

test('the table of replicas on disk counts before what the worker believes', async () => {
  const file = path.join(settings.paths.tables, 'replicas.map');
  writeFileSync(file, readFileSync(file, 'utf8').replace('listed 0', 'listed 1'));
  expect((await ask(http, { path: '/listed' })).status).toBe(503);
  expect(asks).toEqual([]);
});

test.each([
  ['at the beginning', 'local replicas = tonumber(', 'local replicas = missing('],
  ['while it looks', 'local id = add(backend.probes', 'local id = missing(backend.probes'],
  ['while it asks', 'local status = exchange(how', 'local status = missing(how'],
])('a script that fails %s ends in 503, within the time', async (_where, from, to) => {
  const broken = makeRoot();
  const [other = 0] = await freePorts(1);
  const own = { ...settingsOf(broken.root, { DEFAULT_PORTS: String(other) }), scaler: settings.scaler };
  const script = readFileSync(path.join(settings.paths.scripts, 'waking.lua'), 'utf8');
  expect(script).toContain(from);
  const scripts = path.join(broken.root, 'lua');
  mkdirSync(scripts);
  writeFileSync(path.join(scripts, 'waking.lua'), script.replace(from, to));
  const withBroken = { ...own, paths: { ...own.paths, scripts } };
  const running = await startHaproxy(
    writeConfig(renderServices(services(withBroken), withBroken), withBroken),
    [other],
  );
  const answers = [
    await ask(other, { path: '/broken' }),
    await ask(other, { path: '/closed' }),
    await ask(other, { path: '/broken', headers: BROWSER }),
  ];
  await running.stop();
  broken.remove();
  expect(answers.map(({ status }) => status)).toEqual([503, 401, 503]);
  expect(asks).toEqual([]);
});
