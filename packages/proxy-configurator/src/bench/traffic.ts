import { once } from 'node:events';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts, median, type Figure } from '@docker-flow/testkit';
import { startAnsweringServer } from './answering-server.js';
import { accepted, type WithProxy } from './changes.js';
import { requestFor } from './load.js';
import { get, type ProxyProcess } from './proxy-process.js';
import { serviceParameters } from './service.js';

const CLIENTS = 16;
const LEAST_REQUESTS = 20_000;

/** Requests that fail while services come and go. */
export async function reconfigurations(withProxy: WithProxy): Promise<readonly Figure[]> {
  const backend = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(backend, 'listening');
  const { port } = backend.address() as AddressInfo;
  const kinds = new Map<string, number>();
  let requests = 0;
  await withProxy(async (proxy) => {
    accepted(await proxy.reconfigure(serviceParameters('load', { port: String(port) })));
    const changes = new AbortController();
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
    const clients = Array.from({ length: CLIENTS }, async (_, i) => {
      while (!changes.signal.aborted || requests < LEAST_REQUESTS) {
        requests += 1;
        // Half of the clients come with a new connection each time.
        const outcome = await get(i % 2 === 0 ? false : agent, proxy.httpPort, '/service-load/').then(
          ({ status }) => String(status),
          (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error),
        );
        if (outcome !== '200') kinds.set(outcome, (kinds.get(outcome) ?? 0) + 1);
      }
    });
    for (let i = 0; i < 100; i += 1) {
      if (i % 3 === 2) await proxy.remove(`service-${i - 1}`);
      else await proxy.reconfigure(serviceParameters(i));
      await pause(20);
    }
    changes.abort();
    await Promise.all(clients);
    agent.destroy();
  });
  backend.close();
  const failures = [...kinds.values()].reduce((sum, count) => sum + count, 0);
  if (failures > 0) process.stderr.write(`  by kind: ${JSON.stringify(Object.fromEntries(kinds))}\n`);
  return [
    {
      what: `failed of ${requests} requests during 100 reconfigurations`,
      value: failures,
      unit: 'requests',
      goal: 0,
    },
  ];
}

/** Requests for each second of HAProxy's processor time, so that other work on the machine does not count. */
export async function routes(withProxy: WithProxy): Promise<readonly Figure[]> {
  const [port = 0] = await freePorts(1);
  const server = await startAnsweringServer(port);
  try {
    const few = await routeSpeed(withProxy, 10, port);
    const many = await routeSpeed(withProxy, 1_000, port);
    const unit = 'a second of processor time';
    return [
      { what: 'requests to the same ten services with 10 routes', value: few.same, unit },
      { what: '  with 1,000 routes', value: many.same, unit },
      {
        what: 'requests per second with 1,000 routes',
        value: many.same / few.same,
        unit: 'of that with 10',
        atLeast: 0.9,
      },
      { what: '  spread over all 1,000 (100 times the connections to keep)', value: many.all, unit },
    ];
  } finally {
    server.stop();
  }
}

interface RouteSpeed {
  /** To the last ten services. */
  readonly same: number;
  readonly all: number;
}

/** Requests for each second of HAProxy's processor time. */
export async function speedOf(proxy: ProxyProcess, paths: readonly string[], count = 5): Promise<number> {
  await requestFor(500, proxy.httpPort, paths);
  const runs: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const before = proxy.haproxyCpuSeconds();
    const answered = await requestFor(2_000, proxy.httpPort, paths);
    runs.push(answered / (proxy.haproxyCpuSeconds() - before));
  }
  return median(runs);
}

function routeSpeed(withProxy: WithProxy, count: number, port: number): Promise<RouteSpeed> {
  return withProxy(async (proxy) => {
    const services = Array.from({ length: count }, (_, i) => i);
    await Promise.all(
      services.map((i) => proxy.reconfigure(serviceParameters(i, { port: String(port) })).then(accepted)),
    );
    const paths = services.map((i) => `/service-${i}/x`);
    return { same: await speedOf(proxy, paths.slice(-10)), all: await speedOf(proxy, paths) };
  });
}
