import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { UpstreamError } from '../errors.js';
import { createHttpClient } from './client.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => void (server.closeAllConnections(), server.close()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('any status is an answer, with its body as text', async () => {
  const url = await serve((_request, response) => response.writeHead(418, { 'X-A': 'b' }).end('{"a":1}'));
  const answer = await createHttpClient({ timeoutMs: 20_000 }).request({ url });
  expect(answer).toMatchObject({ status: 418, body: '{"a":1}', headers: { 'x-a': 'b' } });
});

test('sends method, headers and body, and nothing that nobody asked for', async () => {
  const url = await serve((request, response) => {
    const { method, headers } = request;
    request.setEncoding('utf8');
    let text = '';
    request.on('data', (part: string) => (text += part));
    request.on('end', () => response.end(JSON.stringify([method, headers, text])));
  });
  const client = createHttpClient({ timeoutMs: 20_000, userAgent: 'tester' });
  const common = {
    accept: '*/*',
    'user-agent': 'tester',
    host: url.slice('http://'.length),
    connection: 'keep-alive',
  };
  const { body } = await client.request({ url, method: 'POST', headers: { 'X-A': 'b' }, body: 'é' });
  expect(JSON.parse(body)).toEqual(['POST', { ...common, 'x-a': 'b', 'content-length': '2' }, 'é']);
  const typed = { 'content-type': 'application/json' };
  const json = await client.request({ url, method: 'PUT', headers: typed, body: Buffer.from('{}') });
  expect(JSON.parse(json.body)).toEqual(['PUT', { ...common, ...typed, 'content-length': '2' }, '{}']);
  const empty = await client.request({ url, method: 'POST' });
  expect(JSON.parse(empty.body)).toEqual(['POST', { ...common, 'content-length': '0' }, '']);
});

test('user name and password of the URL become a header', async () => {
  const url = await serve((request, response) => response.end(request.headers.authorization));
  const client = createHttpClient({ timeoutMs: 20_000 });
  const withPassword = url.replace('//', '//me%40a:100%p%3Aq@');
  const { body } = await client.request({ url: withPassword });
  expect(Buffer.from(body.replace('Basic ', ''), 'base64').toString()).toBe('me@a:100%p:q');
  const headers = { Authorization: 'Bearer of-the-caller' };
  expect(await client.request({ url: withPassword, headers })).toMatchObject({ body: headers.Authorization });
});

test('asks over a unix socket', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'client-'));
  const socketPath = path.join(directory, 's');
  const server = createServer(({ url }, response) => response.end(url));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true });
  });
  const answer = await createHttpClient({ timeoutMs: 20_000 }).request({
    url: 'http://localhost/a?b',
    socketPath,
  });
  expect(answer.body).toBe('/a?b');
});

describe('an attempt ends', () => {
  test('at its limit, also in the middle of an answer', async () => {
    const silent = await serve(() => undefined);
    const client = createHttpClient({ timeoutMs: 50 });
    await expect(client.request({ url: silent })).rejects.toThrow(`GET ${silent}: no answer within 50 ms`);
    const stuck = await serve((_request, response) => void response.write('the beginning'));
    await expect(client.request({ url: stuck })).rejects.toThrow('no answer within 50 ms');
    const own = client.request({ url: silent, timeoutMs: 60 });
    await expect(own).rejects.toThrow('no answer within 60 ms');
  });

  test('at its limit when every answer is a redirect', async () => {
    const url = await serve(({ url: path = '' }, response) => {
      setTimeout(() => response.writeHead(302, { Location: `${path}a` }).end(), 20);
    });
    const request = createHttpClient({ timeoutMs: 100 }).request({ url });
    await expect(request).rejects.toThrow('no answer within 100 ms');
  });

  test('when the caller wants it to', async () => {
    const url = await serve(() => undefined);
    const stop = new AbortController();
    const client = createHttpClient({ timeoutMs: 10_000 });
    const request = client.request({ url, signal: stop.signal });
    stop.abort();
    await expect(request).rejects.toThrow(UpstreamError);
    await expect(client.request({ url, signal: stop.signal })).rejects.toThrow(UpstreamError);
  });
});

test('an error names the address and the reason, but no password', async () => {
  const failure = createHttpClient({ timeoutMs: 20_000 }).request({
    url: 'http://user:hunter2@127.0.0.1:1/x',
    headers: { 'X-Token': 'hunter2' },
    method: 'POST',
    body: 'hunter2',
  });
  await expect(failure).rejects.toThrow(UpstreamError);
  await expect(failure).rejects.toThrow(/^POST http:\/\/\*\*\*@127.*ECONNREFUSED/);
  const error = (await failure.catch((one: unknown) => one)) as UpstreamError;
  expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain('hunter2');
});

test('an answer that is too large is rejected, or its beginning is enough for those who say so', async () => {
  const url = await serve((_request, response) => response.end('x'.repeat(5_000)));
  const options = { timeoutMs: 20_000, maxResponseBytes: 1_000 };
  const rejected = createHttpClient(options).request({ url });
  await expect(rejected).rejects.toThrow('the answer is longer than 1000 bytes');
  const cut = createHttpClient({ ...options, longAnswers: 'cut' }).request({ url });
  await expect(cut).resolves.toMatchObject({ status: 200, body: 'x'.repeat(1_000) });
  const exact = createHttpClient({ ...options, maxResponseBytes: 5_000 }).request({ url });
  await expect(exact).resolves.toMatchObject({ body: 'x'.repeat(5_000) });
});

test('an answer that breaks off is an error', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('the beginning', () => response.destroy());
  });
  await expect(createHttpClient({ timeoutMs: 20_000 }).request({ url })).rejects.toThrow(UpstreamError);
});

test('a connection that was closed while it was kept open is replaced, whatever the method', async () => {
  const seen: string[] = [];
  const url = await serve((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    // The second request on any connection finds it closed.
    if (isUsed.has(request.socket)) request.socket.resetAndDestroy();
    else response.end('fresh');
    isUsed.add(request.socket);
  });
  const isUsed = new WeakSet<object>();
  const client = createHttpClient({ timeoutMs: 20_000 });
  await client.request({ url: `${url}/1` });
  await expect(client.request({ url: `${url}/2`, method: 'POST', body: 'x' })).resolves.toMatchObject({
    body: 'fresh',
  });
  expect(seen).toEqual(['GET /1', 'POST /2', 'POST /2']);
});

test('a fresh connection that is closed is a failure', async () => {
  let count = 0;
  const url = await serve((request) => {
    count += 1;
    request.socket.resetAndDestroy();
  });
  await expect(createHttpClient({ timeoutMs: 20_000 }).request({ url })).rejects.toThrow(UpstreamError);
  expect(count).toBe(1);
});

test('connections are used again, also after a redirect', async () => {
  const sockets = new Set<object>();
  const url = await serve((request, response) => {
    sockets.add(request.socket);
    if (request.url === '/') response.writeHead(302, { Location: '/there' });
    response.end('x'.repeat(1_000));
  });
  const client = createHttpClient({ timeoutMs: 20_000 });
  await client.request({ url });
  await client.request({ url });
  expect(sockets.size).toBe(1);
});

describe('redirects', () => {
  test('are followed, unless the caller wants none', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/there') response.end('arrived');
      else response.writeHead(302, { Location: '/there' }).end();
    });
    const client = createHttpClient({ timeoutMs: 20_000 });
    await expect(client.request({ url })).resolves.toMatchObject({ status: 200, body: 'arrived' });
    await expect(client.request({ url, redirects: 'none' })).resolves.toMatchObject({ status: 302 });
  });

  test('in a circle end as a failure', async () => {
    let count = 0;
    const url = await serve((_request, response) => {
      count += 1;
      response.writeHead(302, { Location: '/' }).end();
    });
    const request = createHttpClient({ timeoutMs: 20_000 }).request({ url });
    await expect(request).rejects.toThrow('stopped after 10 redirects');
    expect(count).toBe(10);
  });
});

test('goes through a proxy where there is one, but not to this machine nor over a socket', async () => {
  const seen: (string | undefined)[] = [];
  const proxy = await serve((request, response) => {
    seen.push(request.url);
    response.end('from the proxy');
  });
  const url = await serve((_request, response) => response.end('direct'));
  const client = createHttpClient({ timeoutMs: 20_000 });
  const before = process.env['http_proxy'];
  process.env['http_proxy'] = proxy;
  try {
    const far = client.request({ url: 'http://service.test/a' });
    await expect(far).resolves.toMatchObject({ body: 'from the proxy' });
    await expect(client.request({ url })).resolves.toMatchObject({ body: 'direct' });
    const gone = client.request({ url: 'http://service.test/', socketPath: '/nowhere' });
    await expect(gone).rejects.toMatchObject({ cause: { code: 'ENOENT' } });
  } finally {
    if (before === undefined) delete process.env['http_proxy'];
    else process.env['http_proxy'] = before;
  }
  expect(seen).toEqual(['http://service.test/a']);
});
