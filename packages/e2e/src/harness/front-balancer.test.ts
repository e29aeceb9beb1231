import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { startFrontBalancer, type FrontBalancer } from './front-balancer.js';
import { getStatus } from './http-get.js';

let server: Server | undefined;
let balancer: FrontBalancer | undefined;
afterEach(async () => {
  await balancer?.stop();
  server?.close();
});

async function serverAt(host: string): Promise<number> {
  const started = createServer((_request, response) => response.writeHead(204).end());
  server = started;
  await new Promise<void>((resolve) => started.listen(0, host, () => resolve()));
  return (started.address() as AddressInfo).port;
}

test('a connection goes to the first node that takes it', async () => {
  const port = await serverAt('127.0.0.3');
  balancer = await startFrontBalancer('127.0.0.1', 0, ['127.0.0.2', '127.0.0.3'], port);
  expect(await getStatus(`http://127.0.0.1:${balancer.port}/`, 'any.test')).toBe(204);
});

test('without any such node the connection is closed', async () => {
  const port = await serverAt('127.0.0.3');
  balancer = await startFrontBalancer('127.0.0.1', 0, ['127.0.0.2'], port);
  await expect(getStatus(`http://127.0.0.1:${balancer.port}/`, 'any.test')).rejects.toThrow();
});
