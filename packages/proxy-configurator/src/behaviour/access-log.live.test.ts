import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { ask, checkConfig, freePorts, writeConfig } from '../testing/live-haproxy.js';
import { useLiveWorld } from '../testing/live-world.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

const world = useLiveWorld();

type Logged = Readonly<Record<string, unknown>>;

/** Requests to a service while HAProxy logs, and the lines it has printed, in the order of the requests. */
async function logged(
  requests: readonly { path: string; headers?: Readonly<Record<string, string>>; host?: string }[],
  environment: Readonly<Record<string, string>> = {},
  lines = requests.length,
) {
  const [port = 0] = await freePorts(1);
  const settings = settingsOf(world.root, {
    DEFAULT_PORTS: String(port),
    ACCESS_LOG: 'json',
    ...environment,
  });
  const service = routedService(
    { serviceName: 'web', servicePath: '/web', port: String(world.echoPort) },
    settings,
  );
  const file = writeConfig(renderServices([service], settings), settings);
  expect(checkConfig(file)).toEqual({ ok: true, output: '' });
  const child = spawn('haproxy', ['-W', '-db', '-f', file], { stdio: ['ignore', 'pipe', 'ignore'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const answers = [];
    for (const request of requests) {
      for (let tries = 0; ; tries += 1) {
        const answer = await ask(port, request).catch(() => undefined);
        if (answer) {
          answers.push(answer);
          break;
        }
        if (tries > 300) throw new Error('HAProxy does not answer');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    for (let tries = 0; tries < 300 && printed.split('\n').length <= lines; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    // A client has its answer before the line is written, so the line of another thread may be first.
    const found = printed.trim().split('\n').filter(Boolean);
    const placeOf = ({ uri }: Logged) => requests.findIndex(({ path }) => path === uri);
    const parsed = found.map((one) => JSON.parse(one) as Logged);
    return { answers, found: parsed.sort((a, b) => placeOf(a) - placeOf(b)) };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

test('a line tells service, route, replica, times and the id that service and client were told', async () => {
  const { answers, found } = await logged([{ path: '/web/a?x=1', host: 'a.test' }, { path: '/nothing' }]);
  const [first, second] = found;
  expect(first).toMatchObject({
    type: 'access',
    service: 'web',
    route: `web-be${world.echoPort}_0`,
    replica: 'web',
    replicaAddress: `127.0.0.1:${world.echoPort}`,
    method: 'GET',
    host: 'a.test',
    uri: '/web/a?x=1',
    status: 200,
    requestId: answers[0]?.headers['x-request-id'],
  });
  expect(first?.['requestId']).toMatch(/^[0-9a-f-]{36}$/);
  expect(Number(first?.['totalMs'])).toBeGreaterThanOrEqual(0);
  expect(Number(first?.['timestamp'])).toBeGreaterThan(1_600_000_000);
  expect(second).toMatchObject({ service: '-', route: 'services', replica: '<NOSRV>', status: 503 });
  const seen = JSON.parse(answers[0]?.body ?? '{}') as { headers: Readonly<Record<string, string>> };
  expect(seen.headers['x-request-id']).toBe(first?.['requestId']);
});

test('ids and traces that a request brings are kept, unless they are no ids', async () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const { answers, found } = await logged([
    { path: '/web/1', headers: { 'X-Request-Id': 'mine-1', traceparent: trace } },
    { path: '/web/2', headers: { 'X-Request-Id': 'not an id "}' } },
  ]);
  expect(found.map(({ requestId }) => requestId === 'mine-1')).toEqual([true, false]);
  expect(found[0]?.['traceparent']).toBe(trace);
  const seen = JSON.parse(answers[0]?.body ?? '{}') as { headers: Readonly<Record<string, string>> };
  expect(seen.headers['traceparent']).toBe(trace);
});

test('nothing a client sends can forge a field or a line', async () => {
  const path = '/web/%22,%22status%22:999,%0a{}"\\';
  const { found } = await logged([{ path, host: 'a.test', headers: { traceparent: '","status":1,"' } }]);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ status: 200, uri: path, host: 'a.test', traceparent: '","status":1,"' });
});

test('a host that cannot be one forges nothing either: HAProxy 3 rejects the request, 2.6 does not', async () => {
  const host = 'a"b\\c.test';
  const { found } = await logged([{ path: '/web', host }]);
  expect(found).toHaveLength(1);
  expect([
    { status: 200, host },
    { status: 400, host: '-' },
  ]).toContainEqual({ status: found[0]?.['status'], host: found[0]?.['host'] });
});

test('of a sample only so many requests are logged', async () => {
  const requests = Array.from({ length: 12 }, () => ({ path: '/web' }));
  const { found } = await logged(requests, { ACCESS_LOG_SAMPLE: '4' }, 3);
  expect(found).toHaveLength(3);
});
