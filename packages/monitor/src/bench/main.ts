import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median, percentile, report, type Figure } from '@docker-flow/testkit';
import { measureGrowth } from './growth.js';
import { startMonitor, type MonitorProcess } from './monitor-process.js';
import { measureRendering } from './render.js';
import { ruleName, serviceParameters } from './service-parameters.js';

/**
 * Measures the goals of speed and memory with the Prometheus and the promtool of this machine.
 * `bench [sequential|together|live|render|memory|growth …]` measures some of it. Progress goes to standard error, the
 * figures to standard output; the exit status is 1 when a goal is missed.
 */
const MAIN = path.join(import.meta.dirname, '../main.js');
/** Of each burst, because one is over in a moment; the median is shown. */
const REPEATS = 5;
/** Until memory is looked at. */
const SETTLE_MS = 3_000;

async function growth(): Promise<readonly Figure[]> {
  await measureGrowth({ withMonitor, report, tell });
  return [];
}
const PARTS = { sequential, together, live, render, memory, growth };
const wanted = process.argv.slice(2);

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function withMonitor<T>(
  work: (monitor: MonitorProcess) => Promise<T>,
  variables: Readonly<Record<string, string>> = {},
): Promise<T> {
  const monitor = await startMonitor(MAIN, variables);
  try {
    return await work(monitor);
  } finally {
    await monitor.stop();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return performance.now() - begunAt;
}

async function allLive(monitor: MonitorProcess, services: number): Promise<void> {
  const rules = await monitor.liveRules();
  for (let i = 0; i < services; i += 1)
    for (const alert of ['mem', 'slow'])
      if (!rules.has(ruleName(i, alert))) throw new Error(`${ruleName(i, alert)} is answered but not live`);
}

function sendAtOnce(monitor: MonitorProcess, services: number): Promise<unknown> {
  return Promise.all(Array.from({ length: services }, (_, i) => monitor.reconfigure(serviceParameters(i))));
}

async function sequential(): Promise<readonly Figure[]> {
  const requests: number[] = [];
  let cpuSeconds = 0;
  const totalMs = await withMonitor(async (monitor) => {
    cpuSeconds = -monitor.cpuSeconds();
    const ms = await timed(async () => {
      for (let i = 0; i < 200; i += 1)
        requests.push(await timed(() => monitor.reconfigure(serviceParameters(i))));
    });
    cpuSeconds += monitor.cpuSeconds();
    await allLive(monitor, 200);
    return ms;
  });
  const what = '200 services one after the other';
  return [
    { what: `${what}, p50 of a request`, value: median(requests), unit: 'ms', original: 11.9 },
    { what: `${what}, p95 of a request`, value: percentile(requests, 0.95), unit: 'ms', original: 22 },
    { what: `${what}, all`, value: totalMs / 1_000, unit: 's', original: 2.6 },
    { what: '  processor time, promtool included', value: cpuSeconds, unit: 's' },
  ];
}

interface Burst {
  readonly seconds: number;
  readonly reloads: number;
}

async function burst(services: number): Promise<readonly Burst[]> {
  const bursts: Burst[] = [];
  for (let run = 1; run <= REPEATS; run += 1) {
    tell(`  ${services} at once, run ${run} of ${REPEATS}`);
    await withMonitor(async (monitor) => {
      const before = await monitor.reloads();
      const seconds = (await timed(() => sendAtOnce(monitor, services))) / 1_000;
      await allLive(monitor, services);
      bursts.push({ seconds, reloads: (await monitor.reloads()) - before });
    });
  }
  return bursts;
}

async function together(): Promise<readonly Figure[]> {
  const many = await burst(200);
  const few = await burst(64);
  return [
    {
      what: '200 services at once, all live',
      value: median(many.map(({ seconds }) => seconds)),
      unit: 's',
      goal: 1.5,
    },
    {
      what: '200 services at once, most reloads',
      value: Math.max(...many.map(({ reloads }) => reloads)),
      unit: 'reloads',
      goal: 5,
    },
    {
      what: '64 services at once, all live',
      value: median(few.map(({ seconds }) => seconds)),
      unit: 's',
      original: 3.4,
    },
    {
      what: '64 services at once, most reloads',
      value: Math.max(...few.map(({ reloads }) => reloads)),
      unit: 'reloads',
      original: 54,
    },
  ];
}

async function live(): Promise<readonly Figure[]> {
  const services = 500;
  return withMonitor(async (monitor) => {
    await sendAtOnce(monitor, services);
    const times: number[] = [];
    for (let i = services; i < services + 40; i += 1) {
      const ms = await timed(async () => {
        await monitor.reconfigure(serviceParameters(i));
        while (!(await monitor.liveRules()).has(ruleName(i, 'slow'))) await pause(5);
      });
      times.push(ms / 1_000);
    }
    return [
      { what: 'label → rule live, 500 services there, p50', value: median(times), unit: 's' },
      {
        what: 'label → rule live, 500 services there, p95',
        value: percentile(times, 0.95),
        unit: 's',
        goal: 1,
      },
    ];
  });
}

function render(): readonly Figure[] {
  const { freshMs, changedMs } = measureRendering(1_000);
  const unit = 'ms';
  return [
    { what: 'rendering 1,000 services, processor time', value: median(freshMs), unit, goal: 50 },
    { what: '  the first time in a process', value: freshMs[0] ?? NaN, unit },
    { what: '  after a change of one service', value: median(changedMs), unit },
  ];
}

/** As after a start, with the services pulled from a listener, and after each of them was notified at once. */
async function memory(): Promise<readonly Figure[]> {
  const services = 1_000;
  const listener = createServer((_request, response) => {
    response.setHeader('ETag', '"all"');
    response.end(JSON.stringify(Array.from({ length: services }, (_, i) => serviceParameters(i))));
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const pulled = await withMonitor(
    async (monitor) => {
      while (!(await monitor.liveRules()).has(ruleName(services - 1, 'slow'))) await pause(50);
      await pause(SETTLE_MS);
      return monitor.rssMegabytes();
    },
    { LISTENER_ADDRESS: address },
  );
  listener.close();
  const notified = await withMonitor(async (monitor) => {
    await sendAtOnce(monitor, services);
    for (let i = 0; i < 20; i += 1) await monitor.reconfigure(serviceParameters(i));
    await pause(SETTLE_MS);
    return monitor.rssMegabytes();
  });
  const unit = 'MB';
  return [
    { what: 'RSS with 1,000 services, pulled at start', value: pulled, unit, goal: 95 },
    { what: 'RSS with 1,000 services, notified at once', value: notified, unit, goal: 95 },
  ];
}

for (const [name, measure] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  tell(`Measuring ${name}`);
  for (const figure of await measure()) report(figure);
}
