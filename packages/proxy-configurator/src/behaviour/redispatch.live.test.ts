import { expect, test } from '@jest/globals';
import { ask } from '../testing/live-haproxy.js';
import { useLiveProgram } from '../testing/live-program.js';

/** Of two tasks one has gone, and its address is still known: nobody listens there. */

const world = useLiveProgram();

async function metric(program: Awaited<ReturnType<typeof world.start>>, name: string): Promise<number> {
  const text = String((await program.call('/metrics')).body['text']);
  const line = new RegExp(`^haproxy_backend_${name}{[^}]*backend="web-[^}]*} ([0-9]+)$`, 'm');
  return Number(line.exec(text)?.[1]);
}

async function requestsTo(labels: Readonly<Record<string, string>>) {
  const program = await world.start({}, () => ['127.0.0.1', '127.0.0.77']);
  const parameters = { serviceName: 'web', servicePath: '/web', port: String(world.echo.port), ...labels };
  expect((await program.get('/reconfigure', parameters)).status).toBe(200);
  const headers = { Cookie: 'web=web_1' };
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => ask(world.port, { path: '/web', headers })),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const retries = await metric(program, 'retry_warnings_total');
  return { retries, redispatches: await metric(program, 'redispatch_warnings_total') };
}

test('a request to a task that has gone is tried at another one next', async () => {
  const { retries, redispatches } = await requestsTo({});
  expect(redispatches).toBeGreaterThan(0);
  expect(retries).toBe(0);
});

test('who has a cookie is tried there again, and elsewhere last of all', async () => {
  const { retries, redispatches } = await requestsTo({ sessionType: 'sticky-server' });
  expect(redispatches).toBe(8);
  expect(retries).toBeGreaterThan(0);
});
