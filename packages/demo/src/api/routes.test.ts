import { expect, test } from '@jest/globals';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { httpServer } from '@docker-flow/daemon/http/server';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { Registry } from 'prom-client';
import request from 'supertest';
import { createFakePeople } from '../testing/people.fake.js';
import { measureResponseTimes } from '../response-times.js';
import { ROUTES, addRoutes } from './routes.js';

interface Hooks {
  readonly random?: () => number;
  readonly onRequest?: () => void;
  readonly errorShare?: number;
  readonly shownVersion?: string;
}

function world({
  random = () => 0.5,
  onRequest = () => undefined,
  errorShare = 0,
  shownVersion,
}: Hooks = {}) {
  const people = createFakePeople();
  const registry = new Registry();
  const app = createHttpApp({
    logger: silentLogger(),
    registry,
    routes: (routes) => {
      routes.use(measureResponseTimes(registry, 'go-demo_main', ROUTES));
      routes.use((_request, _response, next) => {
        onRequest();
        next();
      });
      addRoutes(routes, { people, logger: silentLogger(), random, errorShare, shownVersion });
    },
  });
  return { app, people, registry };
}

test('says hello', async () => {
  const { app } = world();
  await request(app).get('/demo/hello').expect(200, 'hello, world!\n');
});

test('says hello later when asked to', async () => {
  const { app } = world();
  const start = performance.now();
  await request(app).get('/demo/hello?delay=50').expect(200, 'hello, world!\n');
  expect(performance.now() - start).toBeGreaterThanOrEqual(49);
});

test('refuses a delay that is none, and says what would be right', async () => {
  const { app } = world();
  await request(app).get('/demo/hello?delay=slow').expect(400, {
    code: 'invalid_request',
    message: 'delay="slow" is not a whole number; expected a whole number from 0 to 60000',
  });
});

test('fails at random', async () => {
  await request(world({ random: () => 0.99 }).app)
    .get('/demo/random-error')
    .expect(200);
  await request(world({ random: () => 0.01 }).app)
    .get('/demo/random-error')
    .expect(500);
});

test('a bad version fails as often as it is told to, and says which version it is', async () => {
  const bad = (roll: number) =>
    request(world({ random: () => roll, errorShare: 0.3, shownVersion: '2.0' }).app);
  await bad(0.29).get('/demo/hello').expect(500).expect('Version', '2.0');
  await bad(0.3).get('/demo/hello').expect(200).expect('Version', '2.0');
  const { headers } = await request(world().app).get('/demo/hello').expect(200);
  expect(headers).not.toHaveProperty('version');
});

test('remembers people', async () => {
  const { app } = world();
  await request(app).put('/demo/person?name=Grace').expect(200, 'Grace\n');
  await request(app).put('/demo/person?name=Ada').expect(200, 'Ada\n');
  await request(app).get('/demo/person').expect(200, 'Ada\nGrace\n');
  await request(app).get('/demo/person?name=Ada').expect(200, 'Ada\n');
  await request(app).get('/demo/person?name=Eve').expect(404);
});

test('answers in JSON to those who ask for it', async () => {
  const { app } = world();
  const json = { Accept: 'application/json' };
  await request(app).put('/demo/person?name=Ada').set(json).expect(200, { name: 'Ada' });
  await request(app)
    .get('/demo/person')
    .set(json)
    .expect(200, [{ name: 'Ada' }]);
});

test.each(['', '?name=', '?name=%0A', `?name=${'x'.repeat(101)}`])('nobody is called %j', async (query) => {
  await request(world().app).put(`/demo/person${query}`).expect(400);
});

test('a database that fails is a failure of the requests that need it, without its details', async () => {
  const { app, people } = world();
  people.failWith(new Error('password authentication failed for user "demo"'));
  await request(app)
    .get('/demo/person')
    .expect(502, { code: 'upstream', message: 'the database did not answer' });
  await request(app).get('/demo/hello').expect(200);
});

test('measures answers as the shortcuts of the monitor ask for them', async () => {
  const { app } = world({ random: () => 0 });
  await request(app).get('/demo/hello');
  await request(app).get('/demo/random-error');
  await request(app).get('/no/such/path');
  await request(app).get('/healthz');
  const { text } = await request(app).get('/metrics').expect(200);
  const seen = (line: string) => text.includes(`http_server_resp_time_${line}\n`);
  const hello = 'service="go-demo_main",code="200",method="GET",path="/demo/hello"';
  expect(seen(`bucket{le="10",${hello}} 1`)).toBe(true);
  expect(seen(`count{${hello}} 1`)).toBe(true);
  expect(text).toContain(`http_server_resp_time_bucket{le="0.1",${hello}}`);
  expect(text).toContain(`http_server_resp_time_bucket{le="0.025",${hello}}`);
  expect(seen('count{service="go-demo_main",code="500",method="GET",path="/demo/random-error"} 1')).toBe(
    true,
  );
  expect(seen('count{service="go-demo_main",code="404",method="GET",path="other"} 1')).toBe(true);
  expect(text).not.toContain('/healthz');
});

test('a client that goes away ends its request, which counts as 499', async () => {
  const client = new AbortController();
  const { app, registry } = world({ onRequest: () => client.abort() });
  const stop = new AbortController();
  let port = 0;
  const running = httpServer(app, { host: '127.0.0.1', port: 0 }, (bound) => {
    port = bound.port;
  }).run(stop.signal);
  while (port === 0) await sleep(5);
  const asked = fetch(`http://127.0.0.1:${port}/demo/hello?delay=60000`, { signal: client.signal });
  await expect(asked).rejects.toThrow(/aborted/);
  stop.abort();
  await running; // would last a minute if the request went on
  while (!(await registry.metrics()).includes('code="499"')) await sleep(5);
});
