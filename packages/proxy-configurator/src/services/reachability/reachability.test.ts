import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Attempt } from '../../core/reachability/describe-failure.js';
import { routedService, settingsOf } from '../../testing/render-services.js';
import { freePorts } from '../../testing/live-haproxy.js';
import { createReachability } from './reachability.js';
import { tryToConnect } from './try-to-connect.js';

const settings = settingsOf('/nowhere');
const BACKEND = 'web-be80_0';

/** Runs until `done`, every pause a millisecond. */
function world(hosts: Record<string, readonly string[]>, lookWithinMs = Infinity) {
  const state = { attempt: 'refused' as Attempt, services: ['web'], isBusy: false };
  const tried: string[] = [];
  const log: string[] = [];
  const stop = new AbortController();
  const reach = createReachability(
    {
      services: () =>
        state.services.map((serviceName) =>
          routedService({ serviceName, servicePath: '/', port: '80' }, settings),
        ),
      isBusy: () => state.isBusy,
      addresses: new Map(Object.entries(hosts)),
      resolver: { lookup: (host) => Promise.resolve(hosts[host] ?? []) },
      connect(address, port) {
        tried.push(`${address}:${port}`);
        return Promise.resolve(address.startsWith('10.0.9.') ? 'open' : state.attempt);
      },
      logger: {
        ...silentLogger(),
        warn: (message, fields) => log.push(`${message} ${String(fields?.['reason'])}`),
        info: (message) => log.push(message),
      },
    },
    { lookEveryMs: 1, lookWithinMs, goodMs: 1, badMs: 1, timeoutMs: 1 },
  );
  const running = reach.run(stop.signal);
  const until = async (done: () => boolean) => {
    while (!done()) await sleep(1);
  };
  return { state, reach, tried, log, until, end: () => (stop.abort(), running) };
}

test('what cannot be reached is said, told once when it stays so, and forgotten when it is mended or gone', async () => {
  const { state, reach, log, until, end } = world({ web: ['10.0.1.2'] });
  await until(() => log.length > 0);
  expect(reach.of(BACKEND)?.problem).toContain('port 80 of web (10.0.1.2) is closed');
  expect(reach.problems()).toEqual([{ service: 'web', backend: BACKEND }]);
  state.attempt = 'open';
  await until(() => reach.problems().length === 0);
  expect(reach.of(BACKEND)).toEqual({ problem: undefined });
  await until(() => log.length > 1);
  expect(log).toEqual([
    expect.stringContaining('Servers cannot be reached port 80'),
    'Servers can be reached again',
  ]);
  state.services = [];
  await until(() => reach.of(BACKEND) === undefined);
  await end();
});

test('behind a virtual address that says nothing the tasks are asked, too', async () => {
  const { state, reach, until, end, tried } = world({ web: ['10.0.1.2'], 'tasks.web': ['10.0.9.3'] });
  state.attempt = 'silent';
  await until(() => reach.of(BACKEND)?.problem?.includes('no IPVS') ?? false);
  expect(tried).toEqual(expect.arrayContaining(['10.0.1.2:80', '10.0.9.3:80']));
  await end();
});

test('a name without an address is no secret', async () => {
  const { reach, until, end } = world({});
  await until(() => reach.of(BACKEND) !== undefined);
  expect(reach.of(BACKEND)?.problem).toContain('web has no address here');
  await end();
});

test('while services are put in place nobody is looked at, but now and then', async () => {
  const { state, reach, tried, until, end } = world({ web: ['10.0.1.2'] });
  state.isBusy = true;
  await sleep(30);
  expect(tried).toEqual([]);
  state.isBusy = false;
  await until(() => reach.of(BACKEND) !== undefined);
  await end();
  const always = world({ web: ['10.0.1.2'] }, 20);
  always.state.isBusy = true;
  await always.until(() => always.reach.of(BACKEND) !== undefined);
  await always.end();
});

describe('with real connections', () => {
  /** RFC 5737: nobody has this address; whether it is silent or refuses is for the network to say. */
  const NOBODY = '192.0.2.1';

  /** What is said of `web` at a port, once it was looked at. */
  async function problemAt(
    port: number,
    hosts: Record<string, readonly string[]>,
  ): Promise<string | undefined> {
    const stop = new AbortController();
    const route = { serviceName: 'web', servicePath: '/', port: String(port) };
    const reach = createReachability(
      {
        services: () => [routedService(route, settings)],
        isBusy: () => false,
        addresses: new Map(Object.entries(hosts)),
        resolver: { lookup: (host) => Promise.resolve(hosts[host] ?? []) },
        connect: tryToConnect,
        logger: silentLogger(),
      },
      { lookEveryMs: 1, lookWithinMs: 1, goodMs: 10, badMs: 10, timeoutMs: 500 },
    );
    const running = reach.run(stop.signal);
    while (reach.of(`web-be${port}_0`) === undefined) await sleep(1);
    stop.abort();
    await running;
    return reach.of(`web-be${port}_0`)?.problem;
  }

  test('an open port is no problem, a closed one is named with its address', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await problemAt(port, { web: ['127.0.0.1'] })).toBeUndefined();
    // Behind a virtual address that leads nowhere the task itself answers.
    expect(await problemAt(port, { web: [NOBODY], 'tasks.web': ['127.0.0.1'] })).toContain(
      `nothing answers at the virtual address ${NOBODY} of web, but its task 127.0.0.1 does at port ${port}: there is no IPVS`,
    );
    server.close();
    const [closed = 0] = await freePorts(1);
    expect(await problemAt(closed, { web: ['127.0.0.1'] })).toContain(
      `port ${closed} of web (127.0.0.1) is closed`,
    );
  });

  test('a name without an address is one of another network', async () =>
    expect(await problemAt(80, {})).toContain('it shares no network with the proxy'));
});
