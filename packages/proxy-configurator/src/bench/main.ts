import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { report, type Figure } from '@docker-flow/testkit';
import { accepted, sequential, together, unresolvable } from './changes.js';
import { features, forwardAuth } from './features.js';
import { growth } from './growth.js';
import { live } from './live.js';
import { startProxy, type ProxyProcess } from './proxy-process.js';
import { render } from './render.js';
import { serviceParameters } from './service.js';
import { reconfigurations, routes } from './traffic.js';

/**
 * Measures what people wait for with the HAProxy of this machine, beside the figures of the original program and the
 * goals. `bench [PART …]` measures some of it; the parts are the names in PARTS.
 * Requests that fail during rolling updates are counted on a real Swarm, by
 * packages/e2e/src/scenarios/proxy/proxy-rolling-updates.e2e.ts.
 */
const MAIN = path.join(import.meta.dirname, '../main.js');
/** Until memory is looked at. */
const SETTLE_MS = 3_000;

async function withProxy<T>(
  work: (proxy: ProxyProcess) => Promise<T>,
  variables: Readonly<Record<string, string>> = {},
): Promise<T> {
  const proxy = await startProxy(MAIN, variables);
  try {
    return await work(proxy);
  } finally {
    await proxy.stop();
  }
}

async function memory(): Promise<readonly Figure[]> {
  const tell = (proxy: ProxyProcess, i: number, domain: string) =>
    proxy.reconfigure(serviceParameters(i, { serviceDomain: `${domain}${i}.acme.test` })).then(accepted);
  const value = await withProxy(async (proxy) => {
    await Promise.all(Array.from({ length: 1_000 }, (_, i) => tell(proxy, i, 's')));
    for (let i = 0; i < 20; i += 1) await tell(proxy, i, 't');
    await pause(SETTLE_MS);
    return proxy.rssMegabytes();
  });
  return [{ what: 'RSS of the program with 1,000 services', value, unit: 'MB', goal: 100, original: 15 }];
}

const PARTS: Readonly<Record<string, () => readonly Figure[] | Promise<readonly Figure[]>>> = {
  sequential: () => sequential(withProxy),
  together: () => together(withProxy),
  unresolvable: () => unresolvable(withProxy),
  render,
  reconfigurations: () => reconfigurations(withProxy),
  routes: () => routes(withProxy),
  memory,
  growth: () => growth(withProxy),
  live: () => live(withProxy),
  forwardAuth: () => forwardAuth(withProxy),
  features: () => features(withProxy),
};
const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`Measuring ${name}\n`);
  for (const figure of await measure()) report(figure);
}
