import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sleep } from '../concurrency/sleep.js';
import { limitUnfinishedRequests } from './unfinished-requests.js';

const LIMIT = 400_000;
let server: ReturnType<typeof createServer>;
let port = 0;
let sockets: Socket[];
beforeEach(async () => {
  sockets = [];
  server = createServer({ maxHeaderSize: 1_048_576 }, (request, response) => {
    request.resume().on('end', () => response.end('whole'));
  });
  limitUnfinishedRequests(server, LIMIT);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

function open(): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

/** Sends on an open connection and answers what comes back. */
function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  return new Promise((resolve) => {
    socket.once('data', (chunk) => resolve(chunk.toString()));
    socket.once('close', () => resolve('closed'));
  });
}

const HEAD = `GET /?x=${'x'.repeat(150_000)}`;
const BODY = `PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n${'x'.repeat(150_000)}`;

test.each([
  ['heads', HEAD],
  ['bodies', BODY],
])('halves of %s beyond the limit are closed, the oldest first', async (_what, half) => {
  const halves: Socket[] = [];
  for (let i = 0; i < 8; i += 1) {
    const socket = open();
    await new Promise<void>((resolve) => socket.write(half, () => resolve()));
    halves.push(socket);
    // Each is there before the next one comes.
    while (i < 2 && (await connections()) <= i) await sleep(5);
  }
  while ((await connections()) > 2) await sleep(5);
  expect(halves.slice(0, 5).filter(({ readyState }) => readyState === 'open')).toEqual([]);
});

function connections(): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

test('whole requests are answered, however many bytes a connection has sent in all', async () => {
  const socket = open();
  const line = `${HEAD} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const body = `PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n${'x'.repeat(200_000)}`;
  for (let i = 0; i < 6; i += 1) expect(await ask(socket, i % 2 === 0 ? line : body)).toContain('whole');
});

test('a caller gets through while others hold as much as they may', async () => {
  for (let i = 0; i < 10; i += 1) open().write(HEAD);
  while ((await connections()) < 2) await sleep(5);
  expect(await ask(open(), 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toContain('whole');
});
