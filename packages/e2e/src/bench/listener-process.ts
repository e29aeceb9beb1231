import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { until } from '../until.js';

/** A swarm-listener of this checkout and a receiver that remembers when it was notified of which service. */
export interface ListenerUnderTest {
  /** `performance.timeOrigin`-based milliseconds of the first create notification of each service. */
  readonly notifiedAtMs: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Starts both and waits until the listener is ready. */
export async function startListener(root: string, dockerHost: string): Promise<ListenerUnderTest> {
  const notifiedAtMs = new Map<string, number>();
  const receiver = createServer((request, response) => {
    const service = new URL(request.url ?? '/', 'http://receiver').searchParams.get('serviceName') ?? '';
    if (!notifiedAtMs.has(service)) notifiedAtMs.set(service, performance.timeOrigin + performance.now());
    response.end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', () => resolve()));
  const port = (receiver.address() as AddressInfo).port;
  const api = '127.0.0.1:18480';
  const child = spawn(process.execPath, [path.join(root, 'packages/swarm-listener/dist/main.js')], {
    env: {
      PATH: process.env['PATH'],
      DF_DOCKER_HOST: dockerHost,
      DF_LISTEN_ADDRESS: api,
      DF_NOTIFY_CREATE_SERVICE_URL: `http://127.0.0.1:${port}/create`,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await until('swarm-listener ready', () => ready(`http://${api}/readyz`), { timeoutMs: 20_000 });
  return {
    notifiedAtMs,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      receiver.closeAllConnections();
      receiver.close();
    },
  };
}

async function ready(url: string): Promise<{ done: true } | { notYet: string }> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  return answer.ok ? { done: true } : { notYet: await answer.text() };
}
