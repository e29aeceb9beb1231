import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import type { Settings } from '../core/model/settings.js';
import {
  ask,
  freePorts,
  makeRoot,
  startEchoServer,
  startHaproxy,
  writeConfig,
  type EchoServer,
} from '../testing/live-haproxy.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

/** The script through a real HAProxy, with an auth server that answers what a test tells it. */
const { root, remove } = makeRoot();
interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}
let answer: Answer = { status: 200 };
const seen: { method: string; url: string; headers: IncomingHttpHeaders }[] = [];
let sso: Server;
let echo: EchoServer;
let http: number;
let settings: Settings;
let haproxy: { stop(): Promise<void> };

beforeAll(async () => {
  sso = createServer((request, response) => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
    response.statusCode = answer.status;
    response.end(answer.body);
  });
  await new Promise<void>((resolve) => sso.listen(0, '127.0.0.1', () => resolve()));
  echo = await startEchoServer();
  [http = 0] = await freePorts(1);
  settings = settingsOf(root, { DEFAULT_PORTS: String(http) });
  haproxy = await startHaproxy(writeConfig(renderServices(services(), settings), settings), [http]);
});
afterAll(async () => {
  await haproxy.stop();
  await echo.close();
  sso.close();
  remove();
});
beforeEach(() => {
  seen.length = 0;
});

function services() {
  const authUrl = `http://127.0.0.1:${(sso.address() as AddressInfo).port}/verify?app=1`;
  const one = (name: string, more: Parameters) =>
    routedService(
      { serviceName: name, servicePath: `/${name}`, port: String(echo.port), authUrl, ...more },
      settings,
    );
  return [
    one('web', { authResponseHeaders: 'Remote-User,X-Authentik-*', authTimeout: '1' }),
    one('some', { authRequestHeaders: 'Cookie' }),
    one('pre', { corsPreflight: 'true' }),
    one('off', { ignoreAuthorization: 'true', authResponseHeaders: 'Remote-User' }),
    one('post', { setReqHeader: 'X-User %[req.hdr(Remote-User)]', authResponseHeaders: 'Remote-User' }),
  ];
}

const headersOf = (body: string) => (JSON.parse(body) as { headers: Record<string, string> }).headers;

test('sessions that were renewed reach the client beside the cookies of the service', async () => {
  answer = { status: 204, headers: { 'Set-Cookie': ['a=1', 'b=2'] } };
  const { status, headers } = await ask(http, { path: '/web' });
  expect(status).toBe(200);
  expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
});

test('all values of identity headers are copied, by name and by beginning; nothing of the client is left', async () => {
  answer = {
    status: 200,
    headers: { 'Remote-User': ['joe', 'x'], 'X-Authentik-Groups': 'dev', Other: 'no' },
  };
  const forged = {
    'Remote-User': 'root',
    'x_authentik-uid': '0',
    'X-AUTHENTIK-NAME': 'root',
    'X-Authentic': 'kept',
  };
  const headers = headersOf((await ask(http, { path: '/web', headers: forged })).body);
  expect(headers).toMatchObject({
    'remote-user': 'joe, x',
    'x-authentik-groups': 'dev',
    'x-authentic': 'kept',
  });
  expect(Object.keys(headers)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^x_auth|authentik-(uid|name)|^other$/)]),
  );
});

test('without forward auth identity headers are removed all the same', async () => {
  const { body } = await ask(http, { path: '/off', headers: { 'Remote-User': 'root' } });
  expect(headersOf(body)['remote-user']).toBeUndefined();
  expect(seen).toEqual([]);
});

test('header labels can read what the auth server added', async () => {
  answer = { status: 200, headers: { 'Remote-User': 'joe' } };
  expect(headersOf((await ask(http, { path: '/post' })).body)['x-user']).toBe('joe');
});

test('the auth server gets GET without body and without what belongs to the connection or the body', async () => {
  answer = { status: 200 };
  await ask(http, {
    path: '/web/a?b=1',
    method: 'POST',
    headers: {
      Connection: 'X-Hop',
      'X-Hop': '1',
      'Content-Type': 'text/plain',
      'Content-Length': '0',
      Te: 'trailers',
      'X-Forwarded-User': 'forged',
      'X-DF-Auth': 'auth-elsewhere-80',
      'X-Kept': 'k',
    },
  });
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ method: 'GET', url: '/verify?app=1' });
  const headers: IncomingHttpHeaders = seen[0]?.headers ?? {};
  expect(headers).toMatchObject({
    'x-kept': 'k',
    'x-forwarded-method': 'POST',
    'x-forwarded-uri': '/web/a?b=1',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
  });
  for (const name of ['x-hop', 'content-type', 'te', 'x-forwarded-user', 'x-df-auth', 'x-df-timeout'])
    expect([name, headers[name]]).toEqual([name, undefined]);
});

test('named headers are the only ones of the client', async () => {
  answer = { status: 200 };
  await ask(http, { path: '/some', headers: { Cookie: 'a=1', 'X-Other': '1', 'User-Agent': 'me' } });
  expect(seen[0]?.headers).toMatchObject({ cookie: 'a=1' });
  expect(seen[0]?.headers['x-other']).toBeUndefined();
});

test('a refusal reaches the client with its body up to 45,000 bytes, else without', async () => {
  answer = {
    status: 403,
    headers: { 'Content-Type': 'text/plain', 'X-Inner': '1' },
    body: 'x'.repeat(45_000),
  };
  const whole = await ask(http, { path: '/web' });
  expect([whole.status, whole.body.length, whole.headers['x-inner']]).toEqual([403, 45_000, undefined]);
  answer = { status: 403, body: 'x'.repeat(45_001) };
  const cut = await ask(http, { path: '/web' });
  expect([cut.status, cut.body]).toEqual([403, '']);
});

test('a refusal in pieces reaches the client', async () => {
  answer = { status: 403, headers: { 'Transfer-Encoding': 'chunked' }, body: 'y'.repeat(9_000) };
  const { status, body } = await ask(http, { path: '/web' });
  expect([status, body.length]).toEqual([403, 9_000]);
});

test.each([100, 500, 503, 600])('status %d of the auth server is 503 and reaches nobody', async (status) => {
  answer = { status: status === 100 ? 599 : status, body: 'inner' };
  const { status: got, body } = await ask(http, { path: '/web' });
  expect([got, body]).toEqual([503, 'error 503\n']);
});

test('a preflight passes, every other OPTIONS is asked about', async () => {
  answer = { status: 401 };
  const headers = { Origin: 'https://a.test', 'Access-Control-Request-Method': 'PUT' };
  expect((await ask(http, { path: '/pre', method: 'OPTIONS', headers })).status).toBe(200);
  expect((await ask(http, { path: '/pre', method: 'OPTIONS' })).status).toBe(401);
  expect((await ask(http, { path: '/web', method: 'OPTIONS', headers })).status).toBe(401);
});

describe('a script that fails', () => {
  test.each([
    ['in the middle', 'local function ask', 'local function ask(...) error("no") end local function unused'],
    ['before it answers', 'txn:set_var(MARK, true)', 'txn:set_var("txn.df_other", true)'],
    ['while it reads the answer', 'local body = isRefusal', 'local body = missing() and isRefusal'],
  ])('%s closes', async (_where, from, to) => {
    const broken = makeRoot();
    const [port = 0] = await freePorts(1);
    const own = settingsOf(broken.root, { DEFAULT_PORTS: String(port) });
    const script = readFileSync(path.join(settings.paths.scripts, 'forward-auth.lua'), 'utf8');
    expect(script).toContain(from);
    const scripts = path.join(broken.root, 'lua');
    mkdirSync(scripts);
    writeFileSync(path.join(scripts, 'forward-auth.lua'), script.replace(from, to));
    const withBroken = { ...own, paths: { ...own.paths, scripts } };
    const running = await startHaproxy(writeConfig(renderServices(services(), withBroken), withBroken), [
      port,
    ]);
    answer = { status: 200 };
    const { status } = await ask(port, { path: '/web' });
    await running.stop();
    broken.remove();
    expect(status).toBe(503);
  });
});
