import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { untilAborted } from '../concurrency/until-aborted.js';
import type { ListenAddress } from '../config/environment.js';
import type { Actor } from '../process/lifecycle.js';

const IDLE_SWEEP_MS = 50;

/**
 * Notifications carry all labels and the addresses of all tasks in the request line. Node's limit of 16 KiB
 * is too small for that; the originals accepted 1 MiB.
 */
const MAX_HEADER_BYTES = 1_048_576;

/**
 * Listens until the signal aborts, then lets requests in flight finish. Idle kept-alive sockets are
 * closed every 50 ms, or they would hold the process for seconds.
 */
export function httpServer(
  app: RequestListener,
  address: ListenAddress,
  onListening: (bound: ListenAddress) => void = () => undefined,
): Actor {
  return {
    name: 'http',
    async run(signal) {
      const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, app);
      server.keepAliveTimeout = 65_000;
      await listen(server, address);
      const bound = server.address() as AddressInfo;
      onListening({ host: bound.address, port: bound.port });
      await untilAborted(signal);
      await drain(server);
    },
  };
}

/** @throws {Error} when the address is taken or not ours */
function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
