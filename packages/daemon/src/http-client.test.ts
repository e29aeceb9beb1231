import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { UpstreamError } from './errors.js';
import { createHttpClient } from './http-client.js';

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

test('any status is an answer, with its body as text', async () => {
  const url = await serve((_request, response) => response.writeHead(418, { 'X-A': 'b' }).end('{"a":1}'));
  const answer = await createHttpClient({ timeoutMs: 2_000 }).request({ url });
  expect(answer).toMatchObject({ status: 418, body: '{"a":1}', headers: { 'x-a': 'b' } });
});

test('a server that never answers costs no more than the limit', async () => {
  const url = await serve(() => undefined);
  await expect(createHttpClient({ timeoutMs: 50 }).request({ url })).rejects.toThrow(
    'no answer within 50 ms',
  );
});

test('an error names the address without its password', async () => {
  const failure = createHttpClient({ timeoutMs: 500 }).request({ url: 'http://user:hunter2@127.0.0.1:1/x' });
  await expect(failure).rejects.toThrow(UpstreamError);
  await expect(failure).rejects.toThrow(/^GET http:\/\/\*\*\*@127/);
});

test('an answer that is too large is refused', async () => {
  const url = await serve((_request, response) => response.end('x'.repeat(5_000)));
  await expect(
    createHttpClient({ timeoutMs: 2_000, maxResponseBytes: 1_000 }).request({ url }),
  ).rejects.toThrow(UpstreamError);
});
