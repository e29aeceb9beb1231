import { request } from 'node:http';
import { expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { httpServer, NOTIFICATION_LIMITS, ORDINARY_LIMITS, type ServerLimits } from './server.js';
import { sleep } from '../concurrency/sleep.js';

function get(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ port, path, host: '127.0.0.1', agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve(body));
    })
      .on('error', reject)
      .end();
  });
}

test('requests in flight finish after the stop, new ones are refused', async () => {
  const stop = new AbortController();
  let port = 0;
  const actor = httpServer(
    (_request, response) => void sleep(150).then(() => response.end('whole')),
    { host: '127.0.0.1', port: 0 },
    (bound) => (port = bound.port),
  );
  const ended = actor.run(stop.signal);
  while (port === 0) await sleep(5);
  const inFlight = get(port, '/');
  await sleep(50);
  stop.abort();
  await expect(inFlight).resolves.toBe('whole');
  await ended;
  await expect(get(port, '/')).rejects.toThrow('ECONNREFUSED');
});

test('an address that is taken fails the part', async () => {
  const stop = new AbortController();
  let port = 0;
  const first = httpServer(
    (_request, response) => response.end(),
    { host: '127.0.0.1', port: 0 },
    (bound) => (port = bound.port),
  );
  const ended = first.run(stop.signal);
  while (port === 0) await sleep(5);
  await expect(httpServer(() => undefined, { host: '127.0.0.1', port }).run(stop.signal)).rejects.toThrow(
    'EADDRINUSE',
  );
  stop.abort();
  await ended;
});

async function serve(limits: ServerLimits) {
  const stop = new AbortController();
  let port = 0;
  const actor = httpServer(
    (_request, response) => response.end('ok'),
    { host: '127.0.0.1', port: 0 },
    (bound) => (port = bound.port),
    limits,
  );
  const ended = actor.run(stop.signal);
  while (port === 0) await sleep(5);
  return {
    port,
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

/** What comes back on a connection until it is closed. */
function answerTo(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

test('request lines as long as notifications are taken only where notifications are', async () => {
  const line = `GET /?x=${'x'.repeat(500_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
  const [taking, other] = [await serve(NOTIFICATION_LIMITS), await serve(ORDINARY_LIMITS)];
  expect(await answerTo(taking.port, line)).toMatch(/^HTTP\/1.1 200 /);
  expect(await answerTo(other.port, line)).not.toMatch(/^HTTP\/1.1 200 /);
  await taking.stop();
  await other.stop();
});

test('connections beyond the limit are closed, so that half-sent requests cannot fill the memory', async () => {
  const server = await serve({ maxHeaderBytes: 1_024, maxConnections: 2 });
  const half = [1, 2].map(() => connect(server.port, '127.0.0.1').on('error', () => undefined));
  await Promise.all(
    half.map((socket) => new Promise<void>((resolve) => socket.write('GET / HT', () => resolve()))),
  );
  expect(await answerTo(server.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('');
  for (const socket of half) socket.destroy();
  await server.stop();
});
