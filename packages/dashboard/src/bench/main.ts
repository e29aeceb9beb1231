import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { processorSeconds, report, residentMegabytes } from '@docker-flow/testkit';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { readEvents } from '@docker-flow/daemon/http/event-source';
import { ADDRESSES } from '../config/environment.js';
import { manyServices } from '../testing/sample-state.js';
import { startSimulatedLoop, type SimulatedLoop } from '../testing/simulated-loop.js';

/*
 * Figures of the server over simulated services, while one page is open: memory, processor, how long a change takes
 * from its source to the page, and whether the cost of a change grows with what did not change.
 */

const REST_MS = 15_000;
const CHANGES = 20;
const SIZES = [10, 100, 1_000, 3_000];
const GOALS_FOR = 1_000;

interface Figures {
  readonly megabytes: number;
  /** Of one core, while nothing changes. */
  readonly idlePercent: number;
  /** From the source's word to the page, in the middle. */
  readonly changeMs: number;
  /** Sent for one change. */
  readonly bytesPerChange: number;
  readonly wholeBytes: number;
}

let bytesOfTen = NaN;
for (const services of SIZES) {
  const figures = await measure(services);
  if (services === SIZES[0]) bytesOfTen = figures.bytesPerChange;
  const goal = (most: number) => (services === GOALS_FOR ? { goal: most } : {});
  report({
    what: `server with ${services} services, memory (RSS)`,
    value: figures.megabytes,
    unit: 'MB',
    ...goal(150),
  });
  report({ what: '  at rest, of a core', value: figures.idlePercent, unit: '%', ...goal(5) });
  report({ what: '  a change is on the page after', value: figures.changeMs, unit: 'ms', ...goal(1_000) });
  report({
    what: `  bytes of a change, of those with ${SIZES[0] ?? 0} services`,
    value: figures.bytesPerChange / bytesOfTen,
    unit: 'times',
    goal: 1.1,
  });
  report({ what: '  all at first', value: figures.wholeBytes / 1_024, unit: 'KiB' });
}
process.exit();

async function measure(services: number): Promise<Figures> {
  const loop = await startSimulatedLoop(manyServices(services, Date.now()));
  const { child, url } = await startServer(loop);
  const stop = new AbortController();
  const events: { readonly data: string; readonly atMs: number }[] = [];
  const reading = readEvents({
    url: `${url}/v1/events`,
    signal: stop.signal,
    silenceMs: 60_000,
    onEvent: ({ event, data }) => {
      if (event !== 'heartbeat') events.push({ data, atMs: performance.now() });
    },
  });
  await until(() => events.some(({ data }) => data.includes(`service-${services - 1}`)));
  await sleep(5_000);
  const before = processorSeconds(child.pid ?? 0);
  await sleep(REST_MS);
  const idlePercent = ((processorSeconds(child.pid ?? 0) - before) / (REST_MS / 1_000)) * 100;
  const delays: number[] = [];
  let bytes = 0;
  for (let i = 0; i < CHANGES; i += 1) {
    const seen = events.length;
    const wanted = 3 + (i % 3);
    loop.change((state) => ({
      ...state,
      services: state.services.map((one, n) => (n === 7 ? { ...one, wanted } : one)),
    }));
    const changedAt = performance.now();
    await until(() => events.slice(seen).some(({ data }) => data.includes(`"wanted":${wanted}`)));
    const arrived = events.slice(seen).find(({ data }) => data.includes(`"wanted":${wanted}`));
    delays.push((arrived?.atMs ?? 0) - changedAt);
    bytes += Buffer.byteLength(arrived?.data ?? '');
  }
  const whole = await (await fetch(`${url}/v1/state`)).text();
  const figures = {
    megabytes: residentMegabytes(child.pid ?? 0),
    idlePercent,
    changeMs: delays.sort((a, b) => a - b)[CHANGES / 2] ?? 0,
    bytesPerChange: bytes / CHANGES,
    wholeBytes: Buffer.byteLength(whole),
  };
  stop.abort();
  await reading;
  child.kill();
  await loop.close();
  return figures;
}

async function startServer(
  loop: SimulatedLoop,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const variables = Object.entries(ADDRESSES).map(([variable, source]) => [variable, loop.addresses[source]]);
  const main = fileURLToPath(new URL('../main.js', import.meta.url));
  const child = spawn(process.execPath, [...imageFlags(), main], {
    env: {
      PATH: process.env['PATH'],
      LOG_LEVEL: 'error',
      MALLOC_ARENA_MAX: '1',
      DF_LISTEN_ADDRESS: `127.0.0.1:${port}`,
      ...(Object.fromEntries(variables) as Record<string, string>),
    },
    stdio: ['ignore', 2, 2],
  });
  const url = `http://127.0.0.1:${port}`;
  await until(() =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return { child, url };
}

/** What the image gives to Node. */
function imageFlags(): readonly string[] {
  const file = readFileSync(new URL('../../../../docker/dashboard.Dockerfile', import.meta.url), 'utf8');
  const command = JSON.parse(/^CMD (.+)$/m.exec(file)?.[1] ?? '[]') as readonly string[];
  return command.filter((word) => word.startsWith('--'));
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it does not happen within a minute');
    await sleep(10);
  }
}
