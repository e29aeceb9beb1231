import { median, type Figure } from '@docker-flow/testkit';
import type { Answer, ProxyProcess } from './proxy-process.js';
import { serviceParameters } from './service.js';

/** Gives a program of its own to some work and stops it after that. */
export type WithProxy = <T>(
  work: (proxy: ProxyProcess) => Promise<T>,
  variables?: Readonly<Record<string, string>>,
) => Promise<T>;

const ONE_BY_ONE = 200;

/** Services that come one after the other, each when the one before is live. */
export async function sequential(withProxy: WithProxy): Promise<readonly Figure[]> {
  const times: number[] = [];
  let cpuSeconds = 0;
  const allMs = await withProxy(async (proxy) => {
    cpuSeconds = -proxy.cpuSeconds();
    const ms = await timed(async () => {
      for (let i = 0; i < ONE_BY_ONE; i += 1)
        times.push(await timed(async () => accepted(await proxy.reconfigure(serviceParameters(i)))));
    });
    cpuSeconds += proxy.cpuSeconds();
    return ms;
  });
  const what = `${ONE_BY_ONE} services one after the other`;
  return [
    { what: `${what}, p50 of a request`, value: median(times), unit: 'ms', goal: 120, original: 619 },
    { what: `${what}, all`, value: allMs / 1_000, unit: 's', original: 125 },
    { what: '  processor time, checks included', value: cpuSeconds, unit: 's' },
  ];
}

/** Services that come all at once. */
export async function together(withProxy: WithProxy): Promise<readonly Figure[]> {
  return withProxy(async (proxy) => {
    const before = await proxy.reloads();
    let answers: readonly Answer[] = [];
    const seconds =
      (await timed(async () => {
        answers = await Promise.all(
          Array.from({ length: ONE_BY_ONE }, (_, i) => proxy.reconfigure(serviceParameters(i))),
        );
      })) / 1_000;
    // Port 9 refuses: 503 comes from the route's backend either way, so the routes are asked for in the configuration.
    const configuration = await proxy.configuration();
    const live = new Set([...configuration.matchAll(/^backend (service-\d+)-be/gm)].map(([, name]) => name));
    const answered = answers.filter(({ status }) => status === 200).length;
    const what = `${ONE_BY_ONE} services at once`;
    const reloads = (await proxy.reloads()) - before;
    return [
      { what: `${what}, all live after`, value: seconds, unit: 's', goal: 3, original: 115 },
      { what: `${what}, reloads`, value: reloads, unit: 'reloads', goal: 8 },
      {
        what: `${what}, dropped`,
        value: ONE_BY_ONE - Math.min(live.size, answered),
        unit: 'services',
        goal: 0,
      },
    ];
  });
}

/** A service beside one whose name nobody resolves. */
export async function unresolvable(withProxy: WithProxy): Promise<readonly Figure[]> {
  return withProxy(async (proxy) => {
    const ghost = proxy.reconfigure({
      serviceName: 'ghost',
      servicePath: '/ghost',
      port: '80',
      outboundHostname: 'nowhere.invalid',
    });
    const ms = await timed(async () => accepted(await proxy.reconfigure(serviceParameters(1))));
    const { status } = await ghost;
    if (status !== 500) throw new Error(`the unresolvable service got ${status}`);
    const what = 'beside a name that does not resolve, another service is live after';
    return [{ what, value: ms / 1_000, unit: 's', goal: 1, original: 21 }];
  });
}

/**
 * Passes what was answered with 200 on.
 * @throws {Error} for every other status
 */
export function accepted({ status, body }: Answer): void {
  if (status !== 200) throw new Error(`status ${status}: ${body}`);
}

/** Milliseconds that some work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return performance.now() - begunAt;
}
