import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startProgram } from '../harness/programs/program-process.js';

/** A swarm-listener of this checkout and a receiver that remembers when it was notified of which service. */
export interface ListenerWithReceiver {
  /** `performance.timeOrigin`-based milliseconds of the first create notification of each service. */
  readonly notifiedAtMs: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Starts both and waits until the listener is ready. */
export async function startListenerWithReceiver(
  root: string,
  dockerHost: string,
): Promise<ListenerWithReceiver> {
  const notifiedAtMs = new Map<string, number>();
  const receiver = createServer((request, response) => {
    const service = new URL(request.url ?? '/', 'http://receiver').searchParams.get('serviceName') ?? '';
    if (!notifiedAtMs.has(service)) notifiedAtMs.set(service, performance.timeOrigin + performance.now());
    response.end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', () => resolve()));
  const port = (receiver.address() as AddressInfo).port;
  const listener = await startProgram(root, 'swarm-listener', {
    DF_DOCKER_HOST: dockerHost,
    DF_NOTIFY_CREATE_SERVICE_URL: `http://127.0.0.1:${port}/create`,
    LOG_LEVEL: 'error',
  });
  return {
    notifiedAtMs,
    async stop() {
      await listener.stop();
      receiver.closeAllConnections();
      receiver.close();
    },
  };
}
