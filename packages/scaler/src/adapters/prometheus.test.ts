import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { createPrometheus } from './prometheus.js';

let server: Server;
let address: string;
let answer = { status: 200, body: '' };
let asked: { url: string | undefined; authorization: string | undefined; body: string };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      asked = { url: request.url, authorization: request.headers.authorization, body };
      if (answer.body !== 'nothing') response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/monitor`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

function query(timeoutMs = 5_000) {
  const http = createHttpClient({ timeoutMs });
  return createPrometheus({ address, http, authorization: 'Bearer t' }).query('sum(up)', timeoutMs);
}

function success(resultType: string, result: unknown) {
  answer = { status: 200, body: JSON.stringify({ status: 'success', data: { resultType, result } }) };
}

test('asks as the owner of its token, and reads series', async () => {
  success('vector', [{ metric: { job: 'a' }, value: [1, '2.5'] }]);
  expect(await query()).toEqual({ ok: true, series: [{ labels: { job: 'a' }, value: '2.5' }] });
  expect(asked).toEqual({
    url: '/monitor/api/v1/query',
    authorization: 'Bearer t',
    body: 'query=sum%28up%29&timeout=5000ms',
  });
});

test('a scalar is one number', async () => {
  success('scalar', [1, 'NaN']);
  expect(await query()).toEqual({ ok: true, series: [{ labels: {}, value: 'NaN' }] });
});

test.each([
  ['a range', () => success('matrix', []), 'yields a matrix'],
  [
    'what Prometheus refuses',
    () => (answer = { status: 400, body: '{"status":"error","error":"parse error"}' }),
    'Prometheus: parse error',
  ],
  ['a page', () => (answer = { status: 502, body: '<html>' }), 'answered 502'],
  ['null', () => (answer = { status: 200, body: 'null' }), 'answered 200'],
])('%s is a failure with its reason', async (_, prepare, reason) => {
  prepare();
  expect(await query()).toEqual({ ok: false, reason: expect.stringContaining(reason) as unknown });
});

test('a slow Prometheus is a failure, in time', async () => {
  answer = { status: 200, body: 'nothing' };
  expect(await query(100)).toMatchObject({ ok: false, reason: expect.stringContaining('100 ms') as unknown });
});
