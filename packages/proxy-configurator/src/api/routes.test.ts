import { describe, expect, test } from '@jest/globals';
import { createChallengeAnswers } from '../acme/challenge-answers.js';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Parameters } from '@docker-flow/labels';
import express from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { emptyService } from './service-json.js';
import { openApiDocument } from './openapi.js';
import { SCHEMAS } from './openapi-schemas.js';
import { addRoutes, type RoutesDeps, type RoutesOptions } from './routes.js';

/** What of an answer is looked at; supertest knows no more of a body. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function messageIn(body: unknown): unknown {
  return (body as Readonly<Record<string, unknown>>)['Message'];
}

interface Told {
  readonly forwarded: unknown[];
  readonly reconfigured: unknown[];
}

function world(changes: Partial<RoutesDeps> = {}, options: Partial<RoutesOptions> = {}) {
  const told: Told = { forwarded: [], reconfigured: [] };
  const nothing = () => Promise.resolve();
  let live: string | undefined;
  const answers = createChallengeAnswers({
    saved: undefined,
    byHand: undefined,
    onChange: () => undefined,
    nowMs: () => 5,
    steadyMs: () => 0,
  });
  const deps: RoutesDeps = {
    requests: {
      reconfigure(parameters: Parameters) {
        told.reconfigured.push(parameters);
        const service = { ...emptyService(parameters['serviceName']), aclName: 'acl' };
        if (parameters['port'] === undefined)
          return Promise.resolve({ service, status: 400, message: 'no port' });
        const message = parameters['servicePath'] === 'api' ? 'the path does not begin with a slash' : '';
        return Promise.resolve({ service, status: 200, message });
      },
      remove: nothing,
      recreate: nothing,
    },
    reloadFromDisk: () => Promise.reject(new Error('Config validation failed: line 3')),
    peers: {
      addresses: () => Promise.resolve(['10.0.0.2']),
      forward(one) {
        told.forwarded.push(one);
        return Promise.resolve();
      },
      ask: () => Promise.resolve(['theirs\n']),
    },
    certificates: {
      put: (name: string) => (name === 'bad' ? Promise.reject(new Error('holds no certificate')) : nothing()),
      remove: nothing,
      list: () => Promise.resolve([]),
    },
    acme: {
      renewals: { tell: () => undefined },
      answers,
      makeLive() {
        live = answers.thumbprint();
        return Promise.resolve();
      },
      liveThumbprint: () => live,
      peers: { addresses: () => Promise.resolve([]), forward: nothing },
    },
    config: () => Promise.resolve('global\n'),
    services: () => ({ web: {} }),
    askListeners: nothing,
    hasFetched: () => false,
    statistics: () => Promise.resolve('# pxname\n'),
    exporter: () => Promise.resolve('haproxy_process_x 1\n'),
    metrics: () => Promise.resolve({ text: 'x 1\n', contentType: 'text/plain' }),
    status: () => ({
      haproxy: {},
      fingerprint: '',
      services: [],
      rejected: [],
      certificates: [],
      changes: [],
    }),
    readiness: () => Promise.resolve({ problem: undefined, rejected: [] }),
    explain: (one) => ({
      request: one,
      entry: { port: one.port, open: true, says: 'http' },
      decisionPath: one.path,
      taken: undefined,
      then: [],
      tried: [],
      overtaken: [],
      rejected: [],
    }),
    fingerprints: () => Promise.resolve({ services: 's', certificates: 'c' }),
    logger: silentLogger(),
    ...changes,
  };
  const app = createHttpApp({
    logger: deps.logger,
    registry: new Registry(),
    routes: (own) => addRoutes(own, deps, { defaultPort: 80, token: undefined, ...options }),
  });
  return { told, ask: request(app) };
}

const BASE = '/v1/docker-flow-proxy';

describe('the OpenAPI description', () => {
  test('describes exactly the routes there are', () => {
    const app = express();
    addRoutes(app, {} as RoutesDeps, { defaultPort: 80, token: undefined });
    const routes = app.router.stack.flatMap(({ route }) => (route ? [route.path] : []));
    expect([...new Set(routes)].sort()).toEqual(Object.keys(openApiDocument().paths).sort());
  });

  test.each([
    ['/reconfigure?serviceName=web&port=80', 200],
    ['/reconfigure?serviceName=web', 400],
    ['/remove?serviceName=web', 200],
    ['/remove', 400],
    ['/reload?recreate=true', 200],
    ['/reload', 500],
    ['/certs', 200],
    ['/acme', 200],
    ['/status', 200],
    ['/explain?host=a.test', 200],
    ['/fingerprint', 200],
    ['/ping', 200],
    ['/successfulinitreload', 500],
  ])('names the status and the keys of %s: %i', async (path, status) => {
    const { ask } = world();
    const response = await ask.get(BASE + path);
    expect(response.status).toBe(status);
    const described = openApiDocument().paths[BASE + path.replace(/\?.*/, '')]?.['get']?.responses[status];
    expect(described).toBeDefined();
    const name = /"#\/components\/schemas\/([A-Za-z]+)"/.exec(JSON.stringify(described))?.[1];
    if (name === undefined) return;
    const schema: { required: readonly string[]; properties: object; additionalProperties?: boolean } =
      SCHEMAS[name as 'Answer'];
    const keys = Object.keys(response.body as object);
    expect(schema.required.filter((key) => !keys.includes(key))).toEqual([]);
    if (schema.additionalProperties === true) return;
    expect(keys.filter((key) => !(key in schema.properties))).toEqual([]);
  });

  test('is served', async () => {
    const { ask } = world();
    const { body } = (await ask.get(`${BASE}/openapi.json`)) as Answer;
    expect(body).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });
});

test('of a repeated parameter the first value counts, and names are exact', async () => {
  const { ask, told } = world();
  await ask.get(`${BASE}/reconfigure?serviceName=web&port=80&port=81&SERVICEPATH=/x`);
  expect(told.reconfigured).toEqual([{ serviceName: 'web', port: '80', SERVICEPATH: '/x' }]);
});

test('with distribute=true the service is configured here and the request passed on', async () => {
  const { ask, told } = world();
  const { body } = (await ask.get(`${BASE}/reconfigure?serviceName=web&port=80&distribute=true`)) as Answer;
  expect(body).toMatchObject({ Status: 'OK', Message: 'Distributed to all instances', ServiceName: 'web' });
  expect([told.reconfigured.length, told.forwarded.length]).toEqual([1, 1]);
});

test('a distributed request is answered with the warnings as well', async () => {
  const { ask } = world();
  const query = 'serviceName=web&port=80&servicePath=api&distribute=true';
  const { status, body } = (await ask.get(`${BASE}/reconfigure?${query}`)) as Answer;
  expect([status, body]).toMatchObject([
    200,
    { Message: 'Distributed to all instances; the path does not begin with a slash' },
  ]);
});

test('a distributed request that is wrong is answered with what is wrong', async () => {
  const { ask } = world();
  const { status, body } = (await ask.get(`${BASE}/reconfigure?serviceName=web&distribute=true`)) as Answer;
  expect([status, messageIn(body)]).toEqual([400, 'no port']);
});

test('without a record of other replicas a distributed request changes nothing', async () => {
  const peers = {
    addresses: () => Promise.reject(new Error('no such host')),
  } as unknown as RoutesDeps['peers'];
  const { ask, told } = world({ peers });
  const { status, body } = (await ask.get(
    `${BASE}/reconfigure?serviceName=web&port=80&distribute=true`,
  )) as Answer;
  expect([status, messageIn(body)]).toEqual([500, 'no such host']);
  expect(told.reconfigured).toEqual([]);
});

test.each([
  ['', 'pem', 'Query parameter certName is mandatory'],
  ['?certName=a', '', 'Body is empty'],
  ['?certName=bad', 'pem', 'holds no certificate'],
])('a certificate that cannot be used is refused: %j %j', async (query, pem, message) => {
  const { ask } = world();
  const response = await ask.put(`${BASE}/cert${query}`).type('text/plain').send(pem);
  expect(response.status).toBe(400);
  expect(response.body).toEqual({ Status: 'NOK', Message: message, Certs: null });
});

test('a certificate is put, by no other method, and with distribute=true passed on with its body', async () => {
  const { ask, told } = world();
  expect((await ask.post(`${BASE}/cert?certName=a`).type('text/plain').send('pem')).status).toBe(405);
  const response = await ask.put(`${BASE}/cert?certName=a&distribute=true`).type('text/plain').send('pem');
  expect([response.status, response.text]).toEqual([200, '']);
  expect(told.forwarded).toMatchObject([{ method: 'PUT', body: 'pem' }]);
});

test('a path with a slash at its end is redirected, others are not found', async () => {
  const { ask } = world();
  const redirected = await ask.get(`${BASE}/ping/?x=1`);
  expect([redirected.status, redirected.headers['location']]).toEqual([301, `${BASE}/ping?x=1`]);
  expect((await ask.get(`${BASE}/nothing`)).status).toBe(404);
});

test('the configuration is text, or with type=JSON the services', async () => {
  const { ask } = world();
  const text = await ask.get(`${BASE}/config`);
  expect([text.headers['content-type'], text.text]).toEqual(['text/plain; charset=utf-8', 'global\n']);
  expect((await ask.get(`${BASE}/config?type=JSON`)).body).toEqual({ web: {} });
});

test('statistics of all replicas come one after the other', async () => {
  const { ask } = world();
  expect((await ask.get(`${BASE}/metrics?distribute=true`)).text).toBe('# pxname\ntheirs\n');
});

test('headers that explain shall look at are joined by name', async () => {
  const { ask } = world();
  const { body } = (await ask.get(
    `${BASE}/explain?path=/x&port=81&header=X-A: 1&header=x-a:2&header=nonsense`,
  )) as Answer;
  expect(body).toMatchObject({ request: { host: '', path: '/x', port: 81, headers: { 'x-a': '1, 2' } } });
});

test('with a token only health and metrics are open', async () => {
  const { ask } = world({}, { token: 'secret' });
  expect((await ask.get(`${BASE}/config`)).status).toBe(401);
  const statuses = [];
  for (const path of ['/ping', '/haproxy-metrics', '/successfulinitreload']) {
    statuses.push((await ask.get(BASE + path)).status);
  }
  expect(statuses).toEqual([200, 200, 500]);
  expect((await ask.get(`${BASE}/config`).set('Authorization', 'Bearer secret')).status).toBe(200);
});
