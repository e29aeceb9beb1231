import { expect, test } from '@jest/globals';
import type { HttpClient, HttpRequest, HttpResponse } from '../http/client.js';
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

test('services of which nothing runs right now are told from the others', async () => {
  const body = '{"services":[{"serviceName":"a"}],"notRunning":[{"serviceName":"b"}]}';
  expect(await createListenerClient(answering({ body }), 'l').getServices()).toMatchObject({
    rows: [{ serviceName: 'a' }],
    notRunning: [{ serviceName: 'b' }],
  });
});

test.each([
  ['l', { token: 'secret' }, 'Bearer secret', 'http://l:8080/v1'],
  ['http://any:own@l:1', { token: 'secret' }, undefined, 'http://any:own@l:1/v1'],
  ['l', {}, undefined, 'http://l:8080/v1'],
])('%s with %j is asked with what is its own', async (address, options, authorization, url) => {
  const asked: HttpRequest[] = [];
  const http: HttpClient = {
    request(request) {
      asked.push(request);
      return Promise.resolve({ status: 500, headers: {}, body: '' });
    },
  };
  const client = createListenerClient(http, address, options);
  await expect(client.getServices()).rejects.not.toThrow('own');
  expect(asked[0]?.headers?.['Authorization']).toBe(authorization);
  expect(asked[0]?.url).toContain(url);
  expect(client.address).not.toContain('@');
});

test.each([[{ status: 500 }], [{ body: 'oops' }], [{ body: '{}' }]])('%j is a failure', async (response) => {
  await expect(createListenerClient(answering(response), 'l').getServices()).rejects.toThrow('get-services');
});
