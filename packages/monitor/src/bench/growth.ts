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

type WithMonitor = (work: (monitor: MonitorProcess) => Promise<void>) => Promise<void>;

export interface Growth {
  readonly withMonitor: WithMonitor;
  /** Each figure as soon as it is known: the largest sizes take minutes on a busy machine. */
  readonly report: (figure: Figure) => void;
  readonly tell: (progress: string) => void;
}

/** What one change costs while so many services are there, and how long it takes until they are. */
export async function measureGrowth({ withMonitor, report, tell }: Growth): Promise<void> {
  for (const services of SIZES)
    await withMonitor(async (monitor) => {
      tell(`  ${services} services at once`);
      report(await allAtOnce(monitor, services));
      report({ what: '  reloads for them', value: await monitor.reloads(), unit: '' });
      tell(`  one change with ${services} services and a reload of Prometheus, ${CHANGES} of each by turns`);
      for (const figure of await oneChange(monitor, services)) report(figure);
    });
}

async function allAtOnce(monitor: MonitorProcess, services: number): Promise<Figure> {
  const ms = await timed(() =>
    Promise.all(Array.from({ length: services }, (_, i) => monitor.reconfigure(serviceParameters(i)))),
  );
  return { what: `${services} services at once, all live`, value: ms / 1_000, unit: 's' };
}

async function oneChange(monitor: MonitorProcess, services: number): Promise<readonly Figure[]> {
  const times: number[] = [];
  const floors: number[] = [];
  const cpuBefore = monitor.cpuSeconds();
  const loadCpuBefore = await monitor.prometheusCpuSeconds();
  // By turns, so that both see the same machine.
  for (let i = services; i < services + CHANGES; i += 1) {
    times.push(await timed(() => monitor.reconfigure(serviceParameters(i))));
    floors.push(await timed(() => monitor.reloadPrometheus()));
  }
  const cpuMs = ((monitor.cpuSeconds() - cpuBefore) / CHANGES) * 1_000;
  // Each change is a load, too.
  const loadCpuMs = (((await monitor.prometheusCpuSeconds()) - loadCpuBefore) / CHANGES / 2) * 1_000;
  const ofFloor = median(times.map((ms, i) => ms / (floors[i] ?? NaN)));
  const goal = services === SIZES.at(-1) ? { goal: GOAL_MS } : {};
  return [
    { what: `one change with ${services} services, p50`, value: median(times), unit: 'ms', ...goal },
    { what: "  Prometheus's own reload of the same, p50", value: median(floors), unit: 'ms' },
    { what: '  one change, of that', value: ofFloor, unit: '', goal: GOAL_OF_FLOOR },
    { what: '  processor time, promtool included, without Prometheus', value: cpuMs, unit: 'ms' },
    { what: '  processor time of Prometheus for each load', value: loadCpuMs, unit: 'ms' },
    { what: '  memory (RSS)', value: monitor.rssMegabytes(), unit: 'MB' },
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return performance.now() - begunAt;
}
