import { setTimeout as pause } from 'node:timers/promises';
import { freePorts, percentile, type Figure } from '@docker-flow/testkit';
import { startAnsweringServer } from './answering-server.js';
import { accepted, type WithProxy } from './changes.js';
import { get } from './proxy-process.js';
import { serviceParameters } from './service.js';

const THERE = 1_000;
const NEW = 20;
const GOAL_MS = 300;
const POLL_MS = 5;

/** From the notification of a service without a health check, whose task runs, to its first answer. */
export async function live(withProxy: WithProxy): Promise<readonly Figure[]> {
  const [port = 0] = await freePorts(1);
  const server = await startAnsweringServer(port);
  try {
    const times = await withProxy(async (proxy) => {
      const tell = (i: number) =>
        proxy.reconfigure(serviceParameters(i, { port: String(port) })).then(accepted);
      await Promise.all(Array.from({ length: THERE }, (_, i) => tell(i)));
      const found: number[] = [];
      for (let i = THERE; i < THERE + NEW; i += 1) {
        const begunAt = performance.now();
        const told = tell(i);
        while ((await get(false, proxy.httpPort, `/service-${i}/`)).status !== 200) await pause(POLL_MS);
        found.push(performance.now() - begunAt);
        await told;
      }
      return found;
    });
    const what = `told of → answers, with ${THERE} services there`;
    return [
      { what: `${what}, p50`, value: percentile(times, 0.5), unit: 'ms' },
      { what: `${what}, p95`, value: percentile(times, 0.95), unit: 'ms', goal: GOAL_MS },
    ];
  } finally {
    server.stop();
  }
}
