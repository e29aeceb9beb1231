import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { ask } from '../testing/live-haproxy.js';
import { useLiveProgram, type LiveProgram } from '../testing/live-program.js';
import { went } from '../testing/went.js';

type RunningProgram = Awaited<ReturnType<LiveProgram['start']>>;

/** Services that are told of before their first task runs: their names lead nowhere yet. */

const world = useLiveProgram();
let waiting = new Set<string>();
beforeEach(() => {
  waiting = new Set();
});

function start(): Promise<RunningProgram> {
  return world.start({}, (host) => (waiting.has(host) ? [] : ['127.0.0.1']));
}

async function textOf(program: RunningProgram): Promise<string> {
  return String((await program.get('/config')).body['text']);
}

interface Status {
  readonly changes: readonly { readonly way: string; readonly services: readonly string[] }[];
  readonly rejected: readonly { readonly service: string; readonly message: string }[];
}

async function statusOf(program: RunningProgram): Promise<Status> {
  return (await program.get('/status')).body as unknown as Status;
}

/** Waits until a change about a service is over, and answers whether its backend is there. */
async function hasBackend(program: RunningProgram, name: string): Promise<boolean> {
  while (!(await statusOf(program)).changes.some(({ services }) => services.includes(name))) await pause(20);
  return (await textOf(program)).includes(`\nbackend ${name}-be`);
}

async function answers(path: string, status: number): Promise<string> {
  for (;;) {
    const answer = await ask(world.port, { path });
    if (answer.status === status) return answer.body;
    await pause(20);
  }
}

function service(name: string, more: Parameters = {}): Parameters {
  return { serviceName: name, servicePath: `/${name}`, port: String(world.echo.port), ...more };
}

test('the first task of a service gets requests without a reload, because its backend was there before', async () => {
  const program = await start();
  await program.get('/reconfigure', service('first'));
  waiting.add('late');
  expect((await program.get('/reconfigure', service('late'))).status).toBe(500);
  expect(await hasBackend(program, 'late')).toBe(true);
  expect((await ask(world.port, { path: '/late' })).status).toBe(503);
  const reloads = await went(program, 'reloaded');
  waiting.delete('late');
  await answers('/late', 200);
  expect(await went(program, 'reloaded')).toBe(reloads);
  while ((await statusOf(program)).changes[0]?.way !== 'tables') await pause(20);
  expect((await statusOf(program)).changes.slice(0, 2)).toMatchObject([
    { way: 'tables', services: ['late'] },
    { way: 'reloaded', services: ['late'] },
  ]);
  expect((await program.get('/reload')).status).toBe(200);
  expect((await ask(world.port, { path: '/late' })).status).toBe(200);
});

test('a service that waits takes no request from others, whatever paths it asks for', async () => {
  const program = await start();
  await program.get('/reconfigure', service('first'));
  waiting.add('a');
  await program.get('/reconfigure', service('a', { servicePath: '/first/deeper,/' }));
  expect(await hasBackend(program, 'a')).toBe(true);
  expect((await ask(world.port, { path: '/first/deeper' })).status).toBe(200);
  expect((await ask(world.port, { path: '/else' })).status).toBe(503);
});

test('a service that goes while it waits costs no reload', async () => {
  const program = await start();
  await program.get('/reconfigure', service('first'));
  waiting.add('late');
  await program.get('/reconfigure', service('late'));
  expect(await hasBackend(program, 'late')).toBe(true);
  const reloads = await went(program, 'reloaded');
  await program.get('/remove', { serviceName: 'late' });
  expect(await went(program, 'reloaded')).toBe(reloads);
  waiting.delete('late');
  await program.get('/reload');
  expect((await ask(world.port, { path: '/late' })).status).toBe(503);
  await program.get('/reconfigure', service('other'));
  expect(await textOf(program)).not.toContain('backend late-');
});

test('what HAProxy does not take of a service that waits costs nobody else anything, and is told once it has an address', async () => {
  const program = await start();
  await program.get('/reconfigure', service('first'));
  const bad = service('bad', { backendExtra: 'nonsense' });
  for (const name of ['bad', 'good']) waiting.add(name);
  await Promise.all([program.get('/reconfigure', bad), program.get('/reconfigure', service('good'))]);
  expect(await hasBackend(program, 'good')).toBe(true);
  expect(await textOf(program)).not.toContain('nonsense');
  expect((await program.get('/reconfigure', service('next'))).status).toBe(200);
  waiting.delete('bad');
  const isTold = async () =>
    (await statusOf(program)).rejected.some(({ message }) => message.includes('label backendExtra'));
  while (!(await isTold())) await pause(20);
  expect((await ask(world.port, { path: '/first' })).status).toBe(200);
});
