import { expect, test } from '@jest/globals';
import { UpstreamError } from '@docker-flow/daemon/errors';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createSelfPing, ownUrl } from './self-ping.js';

test('goes on asking whatever the answers are, from when the address is known until it is stopped', async () => {
  const stop = new AbortController();
  const asked: string[] = [];
  const client: HttpClient = {
    request: ({ url }) => {
      asked.push(url);
      if (asked.length === 3) stop.abort();
      return Promise.reject(new UpstreamError('refused'));
    },
  };
  const addresses = [undefined, 'http://127.0.0.1:1/demo/hello'];
  await createSelfPing({
    client,
    logger: silentLogger(),
    intervalMs: 1,
    url: () => (addresses.length > 1 ? addresses.shift() : addresses[0]),
  }).run(stop.signal);
  expect(asked).toEqual(Array(3).fill('http://127.0.0.1:1/demo/hello'));
});

test.each([
  [{ host: '0.0.0.0', port: 8080 }, 'http://127.0.0.1:8080/demo/hello'],
  [{ host: '::', port: 80 }, 'http://[::1]:80/demo/hello'],
  [{ host: 'fd00::1', port: 80 }, 'http://[fd00::1]:80/demo/hello'],
  [{ host: '10.0.0.3', port: 8080 }, 'http://10.0.0.3:8080/demo/hello'],
])('a server that listens on %j asks itself at %s', (bound, url) =>
  expect(ownUrl(bound, '/demo/hello')).toBe(url),
);
