import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { UpstreamError } from '../errors.js';
import { createDirectHttpClient } from './direct-client.js';
import { createHttpClient, type HttpClientOptions } from './client.js';
import { createLightHttpClient, hasProxy } from './light-client.js';

/** The same claims for all: which of them a program has is a matter of memory and of proxies. */
const CLIENTS = [
  ['axios', createHttpClient],
  ['node:http', createDirectHttpClient],
  ['the light one', (options: HttpClientOptions) => createLightHttpClient({ ...options, hasProxy: false })],
] as const;

const servers: { close: () => void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  servers.push({ close: () => void (server.closeAllConnections(), server.close()) });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(CLIENTS)('%s', (_name, create) => {
  test('any status is an answer, with its body as text', async () => {
    const url = await serve((_request, response) => response.writeHead(418, { 'X-A': 'b' }).end('{"a":1}'));
    const answer = await create({ timeoutMs: 2_000 }).request({ url });
    expect(answer).toMatchObject({ status: 418, body: '{"a":1}', headers: { 'x-a': 'b' } });
  });

  test('a server that never answers costs no more than the limit', async () => {
    const url = await serve(() => undefined);
    await expect(create({ timeoutMs: 50 }).request({ url })).rejects.toThrow('no answer within 50 ms');
  });

  test('an error names the address without its password', async () => {
    const failure = create({ timeoutMs: 500 }).request({ url: 'http://user:hunter2@127.0.0.1:1/x' });
    await expect(failure).rejects.toThrow(UpstreamError);
    await expect(failure).rejects.toThrow(/^GET http:\/\/\*\*\*@127/);
  });

  test('an answer that is too large is refused', async () => {
    const url = await serve((_request, response) => response.end('x'.repeat(5_000)));
    await expect(create({ timeoutMs: 2_000, maxResponseBytes: 1_000 }).request({ url })).rejects.toThrow(
      UpstreamError,
    );
  });

  test('sends method, headers and body', async () => {
    const url = await serve((request, response) => {
      request.setEncoding('utf8');
      request.on('data', (text: string) => {
        const { method, headers } = request;
        response.end(
          JSON.stringify([method, headers['x-a'], headers['user-agent'], headers['content-length'], text]),
        );
      });
    });
    const answer = await create({ timeoutMs: 2_000, userAgent: 'tester' }).request({
      url,
      method: 'POST',
      headers: { 'X-A': 'b' },
      body: 'é',
    });
    expect(JSON.parse(answer.body)).toEqual(['POST', 'b', 'tester', '2', 'é']);
  });

  test('user name and password of the URL become a header', async () => {
    const url = await serve((request, response) => response.end(request.headers.authorization));
    const { body } = await create({ timeoutMs: 2_000 }).request({
      url: url.replace('//', '//me%40a:p%3Aq@'),
    });
    expect(Buffer.from(body.replace('Basic ', ''), 'base64').toString()).toBe('me@a:p:q');
  });

  test('an abort of the caller ends the request', async () => {
    const url = await serve(() => undefined);
    const stop = new AbortController();
    const request = create({ timeoutMs: 10_000 }).request({ url, signal: stop.signal });
    stop.abort();
    await expect(request).rejects.toThrow(UpstreamError);
  });

  test('an answer that breaks off is an error', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('the beginning', () => response.destroy());
    });
    await expect(create({ timeoutMs: 2_000 }).request({ url })).rejects.toThrow(UpstreamError);
  });
});

const FOLLOWING = CLIENTS.filter(([name]) => name !== 'node:http');

test.each(FOLLOWING)('%s follows redirects, unless told not to', async (_name, create) => {
  const url = await serve((request, response) => {
    if (request.url === '/there') response.end('arrived');
    else response.writeHead(302, { Location: '/there' }).end();
  });
  const client = create({ timeoutMs: 2_000 });
  await expect(client.request({ url })).resolves.toMatchObject({ status: 200, body: 'arrived' });
  await expect(client.request({ url, maxRedirects: 0 })).resolves.toMatchObject({ status: 302 });
});

test('the light client goes through a proxy where there is one, but not to this machine', async () => {
  const seen: (string | undefined)[] = [];
  const proxy = await serve((request, response) => {
    seen.push(request.url);
    response.end('from the proxy');
  });
  const url = await serve((_request, response) => response.end('direct'));
  const client = createLightHttpClient({ timeoutMs: 2_000, hasProxy: true });
  const before = process.env['http_proxy'];
  process.env['http_proxy'] = proxy;
  try {
    await expect(client.request({ url: 'http://service.test/a' })).resolves.toMatchObject({
      body: 'from the proxy',
    });
    await expect(client.request({ url })).resolves.toMatchObject({ body: 'direct' });
  } finally {
    if (before === undefined) delete process.env['http_proxy'];
    else process.env['http_proxy'] = before;
  }
  expect(seen).toEqual(['http://service.test/a']);
});

test('of an answer that is too large the beginning is enough for those who say so', async () => {
  const url = await serve((_request, response) => response.end('x'.repeat(5_000)));
  const client = createDirectHttpClient({ timeoutMs: 2_000, maxResponseBytes: 1_000, longAnswers: 'cut' });
  await expect(client.request({ url })).resolves.toMatchObject({ status: 200, body: 'x'.repeat(1_000) });
});

test.each([
  [{ HTTP_PROXY: 'http://proxy:3128' }, true],
  [{ https_proxy: 'http://proxy:3128' }, true],
  [{ ALL_PROXY: '', all_proxy: 'http://proxy:3128' }, true],
  [{ HTTP_PROXY: '', NO_PROXY: '*' }, false],
])('with %j there is a proxy: %s', (environment, expected) => {
  expect(hasProxy(environment)).toBe(expected);
});
