import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeQuery, firstValues, type Parameters } from '@docker-flow/labels';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { runActors } from '@docker-flow/daemon/process/lifecycle';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { startFakeDockerEngine, type FakeDockerEngine, type FakeEngineOptions } from '@docker-flow/testkit';
import { readConfig } from '../config/config.js';
import { createProgram } from '../program.js';
import { createFastClock } from './fast-clock.js';

/** A receiver that holds what it was last told. */
export interface TestReceiver {
  readonly url: string;
  readonly held: Map<string, Parameters>;
  /** Every request so far: `create web`. */
  readonly requests: string[];
  /** The next ones answer 500, and every other of these has done what it was told all the same. */
  failNext(times: number): void;
  close(): Promise<void>;
}

export interface ReceiverOptions {
  /** By what a service or node is called: a parameter. */
  readonly key?: 'serviceName' | 'id';
  /** Instead of an ordinary answer. */
  readonly misbehave?: (request: IncomingMessage, response: ServerResponse) => void;
}

export async function startTestReceiver(options: ReceiverOptions = {}): Promise<TestReceiver> {
  const { key = 'serviceName', misbehave } = options;
  const held = new Map<string, Parameters>();
  const requests: string[] = [];
  let failures = 0;
  const server = createServer({ maxHeaderSize: 1_048_576 }, (request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const parameters = { ...firstValues(decodeQuery(query)) };
    const name = parameters[key] ?? '';
    requests.push(`${path.slice(1)} ${name}`);
    if (misbehave) {
      misbehave(request, response);
      return;
    }
    if (failures % 2 === 0)
      if (path === '/create') held.set(name, parameters);
      else held.delete(name);
    if (failures > 0) {
      failures -= 1;
      response.statusCode = 500;
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    held,
    requests,
    failNext: (times) => (failures = times),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The environment that makes these the receivers of services. */
export function toldServices(receivers: readonly TestReceiver[]): Record<string, string> {
  const urls = (path: string) => receivers.map(({ url }) => `${url}${path}`).join(',');
  return { DF_NOTIFY_CREATE_SERVICE_URL: urls('/create'), DF_NOTIFY_REMOVE_SERVICE_URL: urls('/remove') };
}

export interface RunningListener {
  /** Below it are the endpoints, without slash at the end. */
  readonly url: string;
  stop(): Promise<number>;
}

/** How much faster than on the wall the time of a listener under test runs. */
const FASTER = 20;

/** The whole listener of this checkout, in this process and in quick motion. */
export async function runListener(environment: Readonly<Record<string, string>>): Promise<RunningListener> {
  const logger = silentLogger();
  const stop = new AbortController();
  let onListening: (bound: ListenAddress) => void = () => undefined;
  const listening = new Promise<ListenAddress>((resolve) => (onListening = resolve));
  const { actors, close } = await createProgram(
    readConfig({ DF_LISTEN_ADDRESS: '127.0.0.1:0', ...environment }),
    { logger, version: 'test', clock: createFastClock(FASTER), onListening },
  );
  const ended = runActors(actors, { logger, stop: stop.signal });
  const { port } = await listening;
  return {
    url: `http://127.0.0.1:${port}/v1/docker-flow-swarm-listener`,
    async stop() {
      stop.abort();
      const status = await ended;
      await close?.();
      return status;
    },
  };
}

/** An engine, receivers and a listener between them, closed together. */
export interface World {
  readonly engine: FakeDockerEngine;
  readonly receivers: readonly TestReceiver[];
  readonly listener: RunningListener;
  close(): Promise<void>;
}

export async function startWorld(
  receivers: readonly TestReceiver[],
  environment: Readonly<Record<string, string>> = {},
  options: FakeEngineOptions & { readonly prepare?: (engine: FakeDockerEngine) => void } = {},
): Promise<World> {
  const { prepare, ...engineOptions } = options;
  const engine = await startFakeDockerEngine({ nodes: 2, ...engineOptions });
  prepare?.(engine);
  const listener = await runListener({
    DF_DOCKER_HOST: engine.dockerHost,
    DF_RETRY_INTERVAL: '1',
    ...toldServices(receivers),
    ...environment,
  });
  return {
    engine,
    receivers,
    listener,
    async close() {
      await listener.stop();
      await Promise.all(receivers.map((receiver) => receiver.close()));
      await engine.close();
    },
  };
}

/**
 * Asks again and again; the last failure is thrown when it has not held `steadyMs` long, in the listener's time, by the
 * time limit.
 */
export async function eventually(
  check: () => void | Promise<void>,
  { limitMs = 120_000, steadyMs = 0 } = {},
): Promise<void> {
  const deadline = performance.now() + limitMs;
  let sinceMs = performance.now();
  for (;;) {
    try {
      await check();
      if ((performance.now() - sinceMs) * FASTER >= steadyMs) return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      sinceMs = performance.now() + 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
