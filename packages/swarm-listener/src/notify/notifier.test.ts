import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import type { Delivery } from '../core/notifications/delivery.js';
import { readReceivers } from '../core/notifications/receivers.js';
import { createNotifier } from './notifier.js';

let handle: (request: IncomingMessage, response: ServerResponse) => void;
const seen: { readonly method: string; readonly url: string; readonly authorization: string | undefined }[] =
  [];
const server = createServer({ maxHeaderSize: 1_048_576 }, (request, response) => {
  const { method = '', url = '', headers } = request;
  seen.push({ method, url, authorization: headers.authorization });
  handle(request, response);
});
let base: string;

beforeEach(async () => {
  seen.length = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function to(url: string, change: { method?: string; parameters?: Record<string, string> } = {}): Delivery {
  const { method = 'GET', parameters = { serviceName: 'web' } } = change;
  const [receiver] = readReceivers({
    variable: 'URL',
    event: 'create',
    urls: [url],
    methods: [method],
  }).receivers;
  if (!receiver) throw new Error(`${url} is no receiver`);
  return { objectId: 'a', name: 'web', receiver, parameters, revision: '', after: [], singleAttempt: false };
}

const { signal } = new AbortController();

const send = (delivery: Delivery, timeoutMs = 10_000) =>
  createNotifier(createHttpClient({ timeoutMs: 30_000, userAgent: 'test' }), { timeoutMs }).send(
    delivery,
    signal,
  );

test('everything is in the query, sorted and encoded, after the query of the receiver itself', async () => {
  handle = (_request, response) => response.end('thanks');
  const parameters = { serviceName: 'web', Zeta: 'a b~*', emoji: '😀\n' };
  const delivery = to(`${base.replace('//', '//us%40er:pa@')}/create?z=1&a=ü#part`, {
    method: 'PUT',
    parameters,
  });
  expect(await send(delivery)).toEqual({ status: 200, body: 'thanks' });
  expect(seen).toEqual([
    {
      method: 'PUT',
      url: '/create?a=%C3%BC&z=1&Zeta=a+b~%2A&emoji=%F0%9F%98%80%0A&serviceName=web',
      authorization: `Basic ${Buffer.from('us@er:pa').toString('base64')}`,
    },
  ]);
});

test('a label of 64 KB arrives', async () => {
  handle = (_request, response) => response.end();
  const text = 'x'.repeat(64 * 1024);
  await send(to(`${base}/create`, { parameters: { text } }));
  expect(seen[0]?.url).toBe(`/create?text=${text}`);
});

test.each([
  [301, 'POST', 'GET'],
  [302, 'PUT', 'GET'],
  [303, 'HEAD', 'HEAD'],
  [307, 'POST', 'POST'],
  [308, 'PUT', 'PUT'],
])('a redirect with %d is followed and makes %s a %s', async (status, method, wanted) => {
  handle = ({ url }, response) => {
    if (url?.startsWith('/create')) response.writeHead(status, { Location: '/new?x=1' });
    response.end();
  };
  expect((await send(to(`${base}/create`, { method }))).status).toBe(200);
  expect(seen.map((one) => `${one.method} ${one.url}`).at(-1)).toBe(`${wanted} /new?x=1`);
});

test('another host does not get the password', async () => {
  handle = ({ url }, response) => {
    if (url?.startsWith('/create'))
      response.writeHead(302, { Location: `${base.replace('127.0.0.1', 'localhost')}/new` });
    response.end();
  };
  await send(to(`${base.replace('//', '//user:secret@')}/create`));
  expect(seen.map((one) => one.authorization !== undefined)).toEqual([true, false]);
});

test('redirects in a circle end as a failure', async () => {
  handle = (_request, response) => {
    response.writeHead(302, { Location: '/create' });
    response.end();
  };
  await expect(send(to(`${base}/create`))).rejects.toThrow('stopped after 10 redirects');
  expect(seen).toHaveLength(10);
});

test.each([
  ['nowhere', undefined],
  ['nonsense', 'http://['],
  ['something that is no HTTP', 'file:///etc/passwd'],
])('a redirect to %s is an answer like any other', async (_where, location) => {
  handle = (_request, response) => {
    response.writeHead(302, location === undefined ? {} : { Location: location });
    response.end();
  };
  expect((await send(to(`${base}/create`))).status).toBe(302);
});

test('a receiver that hangs is left after the time limit, and the message keeps the password', async () => {
  handle = () => undefined;
  const failed = send(to(`${base.replace('//', '//user:secret@')}/create`), 50);
  await expect(failed).rejects.toThrow(/no answer within|timeout|abort/i);
  await expect(failed).rejects.not.toThrow(/secret/);
});

test('garbage instead of HTTP is a failure', async () => {
  handle = (request) => request.socket.end('no HTTP at all\r\n\r\n');
  await expect(send(to(`${base}/create`))).rejects.toThrow();
});
