import { median, type Figure } from '@docker-flow/testkit';
import { accepted, timed, type WithProxy } from './changes.js';
import { serviceParameters } from './service.js';

const SIZES = [10, 100, 1_000, 3_000];
const CHANGES = 15;
/** Of one change while the most services are there, in milliseconds. */
const GOAL_MS = 400;
/** Of what HAProxy itself needs. */
const MOST_OF_FLOOR = 1.3;

/** What one change costs while so many services are there, and how long it takes until they are. */
export async function growth(withProxy: WithProxy): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const services of SIZES) figures.push(...(await measure(withProxy, services)));
  return figures;
}

function measure(withProxy: WithProxy, services: number): Promise<readonly Figure[]> {
  return withProxy(async (proxy) => {
    const tell = (i: number) => proxy.reconfigure(serviceParameters(i)).then(accepted);
    const allMs = await timed(() => Promise.all(Array.from({ length: services }, (_, i) => tell(i))));
    const times: number[] = [];
    const cpuBefore = proxy.cpuSeconds();
    for (let i = services; i < services + CHANGES; i += 1) times.push(await timed(() => tell(i)));
    const cpuMs = ((proxy.cpuSeconds() - cpuBefore) / CHANGES) * 1_000;
    const reloads: number[] = [];
    for (let i = 0; i < CHANGES; i += 1) reloads.push(await timed(() => proxy.reload().then(accepted)));
    const share = median(times) / median(reloads);
    const goal = services === SIZES.at(-1) ? { goal: GOAL_MS } : {};
    return [
      { what: `one change with ${services} services, p50`, value: median(times), unit: 'ms', ...goal },
      { what: '  HAProxy alone checks and loads the same, p50', value: median(reloads), unit: 'ms' },
      { what: '  share of that', value: share, unit: 'times', goal: MOST_OF_FLOOR },
      { what: '  processor time, checks included, without HAProxy', value: cpuMs, unit: 'ms' },
      { what: `  all ${services} at once`, value: allMs / 1_000, unit: 's' },
      { what: '  memory (RSS)', value: proxy.rssMegabytes(), unit: 'MB' },
    ];
  });
}
