import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, expect, test } from '@jest/globals';
import { detectCapabilities } from '../haproxy/capabilities.js';
import { ask } from '../testing/live-haproxy.js';
import { useLiveProgram, type LiveProgram } from '../testing/live-program.js';
import { went } from '../testing/went.js';

type RunningProgram = Awaited<ReturnType<LiveProgram['start']>>;

/** Services get more and fewer tasks while HAProxy runs; each task is an address of this machine. */

const world = useLiveProgram();
let taskPort = 0;
let tasks = 1;
beforeEach(async () => {
  tasks = 1;
  const server = createServer((request, response) => response.end(request.socket.localAddress));
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  taskPort = (server.address() as AddressInfo).port;
  world.cleanUp(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

function start(): Promise<RunningProgram> {
  return world.start({}, () => Array.from({ length: tasks }, (_, i) => `127.0.0.${i + 11}`));
}

/** Asks HAProxy for the service and answers which tasks were there. */
async function seen(): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: 3 * tasks }, () => ask(world.port, { path: '/web' })),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  return new Set(answers.map(({ body }) => body)).size;
}

async function serversInFile(program: RunningProgram): Promise<number> {
  const text = String((await program.get('/config')).body['text']);
  return [...text.matchAll(/^ +server web/gm)].length;
}

const CHECKED = { slowStart: '1', outlierErrors: '50' };

test.each<[string, Readonly<Record<string, string>>]>([
  ['plain', {}],
  ['checked', { healthCheckPath: '/', healthCheckInterval: '1' }],
  ['left out for their errors', { ...CHECKED, healthCheckPath: '/', healthCheckInterval: '1' }],
  ['limited', { maxConn: '50' }],
])('%s servers come without a reload, and a reload finds them again', async (_kind, labels) => {
  const program = await start();
  const scale = async (count: number) => {
    tasks = count;
    const parameters = { serviceName: 'web', servicePath: '/web', port: String(taskPort), ...labels };
    expect((await program.get('/reconfigure', parameters)).status).toBe(200);
  };
  await scale(2);
  const before = await went(program, 'reloaded');
  for (const count of [4, 5, 11]) {
    await scale(count);
    // A server that begins slowly gets its first request late.
    while ((await seen()) < count);
  }
  expect(await went(program, 'reloaded')).toBe(before);
  expect(await went(program, 'servers')).toBe(2);
  const { changes } = (await program.get('/status')).body as {
    changes: { way: string; services: string[] }[];
  };
  expect(changes[0]).toMatchObject({ way: 'servers', reason: 'services', services: ['web'] });
  expect((await program.get('/reload')).status).toBe(200);
  expect(await seen()).toBe(11);
});

test('sticky servers come without a reload where HAProxy makes cookies while it runs', async () => {
  const { version } = await detectCapabilities();
  const program = await start();
  const parameters = { serviceName: 'web', servicePath: '/web', sessionType: 'sticky-server' };
  tasks = 4;
  await program.get('/reconfigure', { ...parameters, port: String(taskPort) });
  const before = await went(program, 'reloaded');
  tasks = 5;
  await program.get('/reconfigure', { ...parameters, port: String(taskPort) });
  expect((await went(program, 'reloaded')) - before).toBe(version[0] >= 3 ? 0 : 1);
  expect(await seen()).toBe(5);
  const cookie = (name: string) => ask(world.port, { path: '/web', headers: { Cookie: `web=${name}` } });
  const answers = await Promise.all(Array.from({ length: 5 }, (_, i) => cookie(`web_${i}`)));
  expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 5 }, (_, i) => `127.0.0.${i + 11}`));
});

test('no request is lost while tasks come and go, and servers without a task go where they can', async () => {
  const { version } = await detectCapabilities();
  const program = await start();
  const scale = async (count: number) => {
    tasks = count;
    await program.get('/reconfigure', { serviceName: 'web', servicePath: '/web', port: String(taskPort) });
  };
  await scale(2);
  const before = await went(program, 'reloaded');
  let isOver = false;
  const failed: number[] = [];
  let asked = 0;
  const client = async () => {
    while (!isOver) {
      const { status } = await ask(world.port, { path: '/web' });
      asked += 1;
      if (status !== 200) failed.push(status);
    }
  };
  const clients = Array.from({ length: 4 }, client);
  for (const count of [9, 17, 3, 13, 2, 20, 1]) await scale(count);
  isOver = true;
  await Promise.all(clients);
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(0);
  await scale(1);
  expect(await went(program, 'reloaded')).toBe(before);
  expect(await serversInFile(program)).toBe(version[0] >= 3 ? 4 : 20);
});
