import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, report } from '@docker-flow/testkit';
import { startWorld } from './processes.js';
import { until } from './until.js';

const SIZES = [10, 100, 1_000, 3_000];
const CHANGES = 100;
const BETWEEN_MS = 50;

/** What one change costs while so many services are there, and how long a start with them takes. */
export async function growth(directory: string): Promise<void> {
  for (const services of SIZES) await measure(directory, services);
}

async function measure(directory: string, services: number): Promise<void> {
  const world = await startWorld(directory, {
    services,
    tasksPerService: 2,
    nodes: 5,
    scrapeNetwork: false,
  });
  const { cluster, receiver, listener } = world;
  const startS = (Math.max(...receiver.arrivals.values()) - listener.startedMs) / 1_000;
  await sleep(1_000);
  const cpuBefore = listener.cpuSeconds();
  const made: { readonly key: string; readonly atMs: number }[] = [];
  for (let i = 0; i < CHANGES; i += 1) {
    const service = (i * 7919) % services;
    const mark = `change-${i}`;
    made.push({ key: `service-${service} ${mark}`, atMs: await cluster.change(service, mark) });
    await sleep(BETWEEN_MS);
  }
  // Of two changes of one service soon after each other only the later one may be told.
  const seen = () => made.filter(({ key }) => receiver.arrivals.has(key));
  await until('the last change', 10_000, () => receiver.arrivals.has(made.at(-1)?.key ?? ''));
  const took = seen().map(({ key, atMs }) => (receiver.arrivals.get(key) ?? NaN) - atMs);
  const cpuMs = ((listener.cpuSeconds() - cpuBefore) / CHANGES) * 1_000;
  report({
    what: `event → request with ${services} services, p50`,
    value: percentile(took, 0.5),
    unit: 'ms',
  });
  report({ what: '  p99', value: percentile(took, 0.99), unit: 'ms' });
  report({ what: '  processor time of a change', value: cpuMs, unit: 'ms' });
  report({ what: `  start until all ${services} are told`, value: startS, unit: 's' });
  report({ what: '  memory (RSS)', value: listener.rssMegabytes(), unit: 'MB' });
  await world.stop();
}
