import { request } from 'node:http';
import { expect, test } from '@jest/globals';
import { httpServer } from './server.js';
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
