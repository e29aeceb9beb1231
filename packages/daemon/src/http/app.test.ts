import { expect, test } from '@jest/globals';
import supertest from 'supertest';
import { InvalidRequestError } from '../errors.js';
import { createHttpApp, queryOf, redirectUncleanPaths, sendJson } from './app.js';
import { silentLogger } from '../log/logger.js';
import { createMetrics } from '../metrics.js';

function client(notReady: () => string | undefined = () => undefined) {
  const app = createHttpApp({
    logger: silentLogger(),
    registry: createMetrics({ program: 'test', version: '1' }),
    notReady,
    routes: (own) => {
      own.use(redirectUncleanPaths);
      own.all('/v1/echo', (request, response) => sendJson(response, 200, queryOf(request)));
      own.get('/v1/refused', () => {
        throw new InvalidRequestError('no service', { details: ['serviceName'] });
      });
      own.get('/v1/query', (request, response) => sendJson(response, 200, request.query));
      own.get('/v1/broken', () => Promise.reject(new Error('secret inside')));
    },
  });
  return supertest(app);
}

test('health, readiness and metrics are there', async () => {
  const app = client(() => 'first list not fetched');
  expect((await app.get('/healthz')).status).toBe(200);
  expect((await app.get('/readyz')).body).toEqual({ code: 'not_ready', message: 'first list not fetched' });
  expect((await app.get('/metrics')).text).toContain('docker_flow_build_info{program="test",version="1"} 1');
});

test('no browser may take an answer for something else, a failure included', async () => {
  const app = client();
  for (const path of ['/healthz', '/metrics', '/v1/echo', '/v1/refused', '/v1/broken', '/nowhere'])
    expect([path, (await app.get(path)).headers['x-content-type-options']]).toEqual([path, 'nosniff']);
});

test('answers are JSON without charset and the query keeps its order and repeats', async () => {
  const answer = await client().post('/v1/echo?b=1+2&a=%2F&a=3');
  expect(answer.headers['content-type']).toBe('application/json');
  expect(answer.body).toEqual([
    ['b', '1 2'],
    ['a', '/'],
    ['a', '3'],
  ]);
});

test('errors thrown on purpose keep their status and code, others say nothing', async () => {
  const refused = await client().get('/v1/refused');
  expect([refused.status, refused.body]).toEqual([
    400,
    { code: 'invalid_request', message: 'no service', details: ['serviceName'] },
  ]);
  const broken = await client().get('/v1/broken');
  expect([broken.status, broken.body]).toEqual([500, { code: 'internal', message: 'internal error' }]);
});

test('the query that Express would answer, always an empty one, cannot be taken for the real one', async () => {
  expect((await client().get('/v1/query?a=1')).status).toBe(500);
});

test('unknown paths, other letter case and slashes at the end are 404', async () => {
  for (const path of ['/none', '/V1/echo', '/v1/echo/']) expect((await client().get(path)).status).toBe(404);
});

test.each([
  ['//v1//echo?x=1', '/v1/echo?x=1'],
  ['/v1/./a/../echo', '/v1/echo'],
])('%s is redirected to its clean form', async (path, clean) => {
  const answer = await client().get(path).redirects(0);
  expect([answer.status, answer.headers['location']]).toEqual([301, clean]);
});
