import { median, type Figure } from '@docker-flow/testkit';
import type { MonitorProcess } from './monitor-process.js';
import { serviceParameters } from './service-parameters.js';

/** `BENCH_SIZES`: others, separated by commas. */
const SIZES = (process.env['BENCH_SIZES'] ?? '10,100,1000,3000').split(',').map(Number);
const CHANGES = 15;
/** Of one change while the most services are there, in milliseconds. */
const GOAL_MS = 300;
/** Of what Prometheus alone needs to load its files. */
const GOAL_OF_FLOOR = 1.3;

type WithMonitor = (
  work: (monitor: MonitorProcess) => Promise<readonly Figure[]>,
) => Promise<readonly Figure[]>;

/** What one change costs while so many services are there, and how long it takes until they are. */
export async function measureGrowth(withMonitor: WithMonitor): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const services of SIZES) figures.push(...(await withMonitor((monitor) => measure(monitor, services))));
  return figures;
}

async function measure(monitor: MonitorProcess, services: number): Promise<readonly Figure[]> {
  const allMs = await timed(() =>
    Promise.all(Array.from({ length: services }, (_, i) => monitor.reconfigure(serviceParameters(i)))),
  );
  const times: number[] = [];
  const floors: number[] = [];
  const cpuBefore = monitor.cpuSeconds();
  // By turns, so that both see the same machine.
  for (let i = services; i < services + CHANGES; i += 1) {
    times.push(await timed(() => monitor.reconfigure(serviceParameters(i))));
    floors.push(await timed(() => monitor.reloadPrometheus()));
  }
  const cpuMs = ((monitor.cpuSeconds() - cpuBefore) / CHANGES) * 1_000;
  const goal = services === SIZES.at(-1) ? { goal: GOAL_MS } : {};
  return [
    { what: `one change with ${services} services, p50`, value: median(times), unit: 'ms', ...goal },
    { what: "  Prometheus's own reload of the same, p50", value: median(floors), unit: 'ms' },
    { what: '  one change, of that', value: median(times) / median(floors), unit: '', goal: GOAL_OF_FLOOR },
    { what: '  processor time, promtool included, without Prometheus', value: cpuMs, unit: 'ms' },
    { what: `  all ${services} at once`, value: allMs / 1_000, unit: 's' },
    { what: '  memory (RSS)', value: monitor.rssMegabytes(), unit: 'MB' },
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return performance.now() - begunAt;
}
