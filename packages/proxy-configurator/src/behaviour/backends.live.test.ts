import { expect, test } from '@jest/globals';
import { takesBackends } from '../core/model/haproxy-version.js';
import { detectCapabilities } from '../haproxy/capabilities.js';
import { ask } from '../testing/live-haproxy.js';
import { useLiveProgram, type LiveProgram } from '../testing/live-program.js';
import { went } from '../testing/went.js';

/** Services that come and go while HAProxy runs; from 3.4 on it makes and removes their backends. */

const world = useLiveProgram();

type Program = Awaited<ReturnType<LiveProgram['start']>>;

function parametersOf(name: string, more: Readonly<Record<string, string>> = {}) {
  return { serviceName: name, servicePath: `/${name}`, port: String(world.echo.port), ...more };
}

async function add(program: Program, name: string, more: Readonly<Record<string, string>> = {}) {
  const answer = await program.get('/reconfigure', parametersOf(name, more));
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
}

async function remove(program: Program, name: string) {
  expect((await program.get('/remove', { serviceName: name })).status).toBe(200);
}

async function statusOf(path: string, host?: string): Promise<number> {
  return (await ask(world.port, { path, ...(host !== undefined && { host }) })).status;
}

async function takes(): Promise<boolean> {
  return takesBackends((await detectCapabilities()).version);
}

test('services come and go, without a reload where HAProxy can do that, and a reload finds the same', async () => {
  const program = await world.start();
  await add(program, 'first');
  await add(program, 'third', { serviceDomain: 'third.test' });
  const before = await went(program, 'reloaded');
  await add(program, 'second');
  expect(await Promise.all(['/first', '/second'].map((path) => statusOf(path)))).toEqual([200, 200]);
  await add(program, 'fourth', { serviceDomain: 'fourth.test,more.test' });
  await add(program, 'fifth', { httpsOnly: 'true' });
  expect(await statusOf('/fourth', 'more.test')).toBe(200);
  expect(await statusOf('/fifth')).toBe(302);
  await remove(program, 'first');
  await remove(program, 'fourth');
  const isQuiet = await takes();
  // Backends of those that go are left to the next reload.
  expect((await went(program, 'reloaded')) - before).toBe(isQuiet ? 0 : 3);
  expect(await went(program, 'backends')).toBe(isQuiet ? 5 : 0);
  const seen = () =>
    Promise.all([
      ...['/first', '/second', '/fifth'].map((path) => statusOf(path)),
      ...['third.test', 'fourth.test', 'more.test'].map((host) => statusOf(`/${host.split('.')[0]}`, host)),
    ]);
  const answers = await seen();
  expect(answers).toEqual([503, 200, 302, 200, 503, 503]);
  expect((await program.get('/reload')).status).toBe(200);
  expect(await seen()).toEqual(answers);
});

test('no request is lost while neighbours come and go', async () => {
  const program = await world.start();
  await add(program, 'stays');
  let isOver = false;
  let asked = 0;
  const failed: number[] = [];
  const client = async () => {
    while (!isOver) {
      const status = await statusOf('/stays');
      asked += 1;
      if (status !== 200) failed.push(status);
    }
  };
  const clients = Array.from({ length: 4 }, client);
  for (let round = 0; round < 2; round += 1) {
    // In front of the route that is asked for, and behind it.
    for (const name of ['other', 'stays-and-more']) await add(program, name);
    for (const name of ['other', 'stays-and-more']) await remove(program, name);
  }
  isOver = true;
  await Promise.all(clients);
  expect(asked).toBeGreaterThan(0);
  expect(failed).toEqual([]);
});

test('what a template cannot say is a reload, and a mistake takes nobody else away', async () => {
  const program = await world.start();
  await add(program, 'first');
  const before = await went(program, 'reloaded');
  await add(program, 'second', { timeoutServer: '7' });
  const refused = await program.get('/reconfigure', parametersOf('third', { backendExtra: 'no such line' }));
  expect(refused.status).toBe(500);
  expect((await went(program, 'reloaded')) - before).toBe(1);
  expect(await Promise.all(['/first', '/second', '/third'].map((path) => statusOf(path)))).toEqual([
    200, 200, 503,
  ]);
});

test('servers of a backend that was made while HAProxy runs are told their addresses as any other', async () => {
  let tasks = ['127.0.0.1'];
  const program = await world.start({}, () => tasks);
  await add(program, 'first');
  await add(program, 'second');
  const before = await went(program, 'reloaded');
  tasks = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6'];
  await add(program, 'second');
  tasks = ['127.0.0.7'];
  await add(program, 'second');
  expect(await statusOf('/second')).not.toBe(404);
  expect(await went(program, 'reloaded')).toBe(before);
});
