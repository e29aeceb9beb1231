import { setMaxListeners } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Failure } from '../expect/excused-failures.js';

/**
 * Clients that never stop and never repeat a request, but one that the proxy has not heard in time (408), as browsers
 * do: on a machine that has too much to do, a client that has opened a connection may send seconds later.
 */
export interface SteadyRequests {
  /** Where requests go from now on: what a load balancer in front of the proxies would know. */
  useProxies(addresses: readonly string[]): void;
  readonly sent: () => number;
  /** Takes the failures so far. */
  takeFailures(): readonly Failure[];
  stop(): Promise<void>;
}

const TIMEOUT_MS = 15_000;
const IDLE_MS = 100;
const NOT_HEARD = 'status 408';

/** For each proxy and service two clients: one keeps its connection, one opens a new one for each request. */
export function startSteadyRequests(services: readonly string[], pauseMs: number): SteadyRequests {
  const over = new AbortController();
  // Each client that pauses listens to it.
  setMaxListeners(0, over.signal);
  const clients = new Map<string, Promise<void>>();
  let proxies = new Set<string>();
  let sent = 0;
  let failures: Failure[] = [];

  async function client(proxy: string, service: string, keepAlive: boolean): Promise<void> {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (!over.signal.aborted) {
      if (!proxies.has(proxy)) {
        await pause(IDLE_MS);
        continue;
      }
      sent += 1;
      const beganMs = Date.now();
      const url = `http://${proxy}/${service}/hello`;
      let problem = await problemOf(url, agent);
      if (problem === NOT_HEARD) problem = await problemOf(url, agent);
      if (problem !== undefined) failures.push({ beganMs, endedMs: Date.now(), proxy, service, problem });
      await pause(pauseMs, undefined, { signal: over.signal }).catch(() => undefined);
    }
    agent.destroy();
  }

  return {
    useProxies(addresses) {
      proxies = new Set(addresses);
      for (const proxy of addresses)
        for (const service of services)
          for (const keepAlive of [true, false]) {
            const key = `${proxy} ${service} ${keepAlive}`;
            if (!clients.has(key)) clients.set(key, client(proxy, service, keepAlive));
          }
    },
    sent: () => sent,
    takeFailures() {
      const taken = failures;
      failures = [];
      return taken;
    },
    async stop() {
      over.abort();
      await Promise.all(clients.values());
    },
  };
}

function problemOf(url: string, agent: Agent): Promise<string | undefined> {
  return new Promise((resolve) => {
    const call = request(url, { agent, timeout: TIMEOUT_MS }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode === 200 ? undefined : `status ${answer.statusCode}`));
      answer.on('error', (error) => resolve(`answer broken off: ${error.message}`));
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    call.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code ?? ''} ${error.message}`));
    call.end();
  });
}
