import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { canListen } from './listen-probe.js';

test('a port is free unless somebody has it, and asking does not keep it', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await canListen(port)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect([await canListen(port), await canListen(port)]).toEqual([true, true]);
});
