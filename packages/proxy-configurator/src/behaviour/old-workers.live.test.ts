import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, expect, test } from '@jest/globals';
import { ask } from '../testing/live-haproxy.js';
import { useLiveProgram, type LiveProgram } from '../testing/live-program.js';
import { went } from '../testing/went.js';

/** A request that waits for a service to wake stays in its worker, which a reload makes an old one. */

const world = useLiveProgram();
let scaler = 0;
let port = 0;
let asks = 0;
/** What the name of the service leads to: with `dnsrr` to nothing while there is no task. */
let addresses: readonly string[] = [];
beforeEach(async () => {
  asks = 0;
  addresses = [];
  scaler = await listen((url) => {
    if (url.startsWith('/v1/scale-service')) asks += 1;
    return '{}';
  });
  port = await listen((url) => `here is ${url}`);
});

async function listen(answer: (url: string) => string): Promise<number> {
  const server = createServer((request, response) => response.end(answer(request.url ?? '')));
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  world.cleanUp(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

type Program = Awaited<ReturnType<LiveProgram['start']>>;

function announce(program: Program, replicas: number, more: Readonly<Record<string, string>> = {}) {
  return program.get('/reconfigure', {
    ...{ serviceName: 'sleeper', servicePath: '/sleeper', port: String(port), wakeOnRequest: 'true' },
    ...{ wakeWait: '20', replicas: String(replicas) },
    ...more,
  });
}

/** A program with a request that waits, in a worker that a reload has made an old one. */
async function heldInOldWorker(): Promise<{ program: Program; held: ReturnType<typeof ask> }> {
  const program = await world.start({ SCALER_ADDRESS: `127.0.0.1:${scaler}` }, (host) =>
    host === 'sleeper' ? addresses : ['127.0.0.1'],
  );
  expect((await announce(program, 0)).status).toBe(200);
  const held = ask(world.port, { path: '/sleeper/x', method: 'POST' });
  while (asks === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  expect((await program.get('/reload')).status).toBe(200);
  return { program, held };
}

test('an address that the running worker is told reaches a request that waits in an old worker', async () => {
  const { program, held } = await heldInOldWorker();
  const before = await went(program, 'reloaded');
  addresses = ['127.0.0.31'];
  expect((await announce(program, 1)).status).toBe(200);
  expect(await held).toMatchObject({ status: 200, body: 'here is /sleeper/x' });
  expect(await went(program, 'reloaded')).toBe(before);
}, 40_000);

test('so does one that comes with a reload, and what an old worker does not know harms nobody', async () => {
  const { program, held } = await heldInOldWorker();
  const before = await went(program, 'reloaded');
  const other = { serviceName: 'other', servicePath: '/other', port: String(port), timeoutServer: '7' };
  expect((await program.get('/reconfigure', other)).status).toBe(200);
  addresses = ['127.0.0.32'];
  expect((await announce(program, 1, { timeoutServer: '9' })).status).toBe(200);
  expect(await went(program, 'reloaded')).toBeGreaterThan(before);
  expect(await held).toMatchObject({ status: 200, body: 'here is /sleeper/x' });
}, 40_000);
