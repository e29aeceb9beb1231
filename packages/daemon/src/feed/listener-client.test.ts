import { expect, test } from '@jest/globals';
import type { HttpClient, HttpResponse } from '../http/client.js';
import { createListenerClient, listenerUrl } from './listener-client.js';

function answering(response: Partial<HttpResponse>): HttpClient {
  return { request: () => Promise.resolve({ status: 200, headers: {}, body: '[]', ...response }) };
}

test.each([
  ['swarm-listener', 'http://swarm-listener:8080'],
  ['10.0.0.1:9090', 'http://10.0.0.1:9090'],
  ['http://listener:1/', 'http://listener:1'],
  ['httpd', 'http://httpd:8080'],
])('%s is asked at %s', (address, url) => expect(listenerUrl(address)).toBe(url));

test('rows come with their ETag, and 304 is nothing new', async () => {
  const rows = answering({ body: '[{"serviceName":"a","replicas":2}]', headers: { etag: '"x"' } });
  expect(await createListenerClient(rows, 'l').getServices()).toEqual({
    kind: 'rows',
    rows: [{ serviceName: 'a', replicas: '2' }],
    etag: '"x"',
  });
  expect(await createListenerClient(answering({ status: 304 }), 'l').getServices({ etag: '"x"' })).toEqual({
    kind: 'unchanged',
  });
});

test.each([[{ status: 500 }], [{ body: 'oops' }], [{ body: '{}' }]])('%j is a failure', async (response) => {
  await expect(createListenerClient(answering(response), 'l').getServices()).rejects.toThrow('get-services');
});
