import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { untilAborted } from '../concurrency/until-aborted.js';
import type { ListenAddress } from '../config/environment.js';
import type { Actor } from '../process/lifecycle.js';
import { limitUnfinishedRequests } from './unfinished-requests.js';

const IDLE_SWEEP_MS = 50;

/** What strangers may make a server hold in memory at most. */
export interface ServerLimits {
  /** Request line and headers of one request. */
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
}

/** What requests that are not whole yet may hold together. */
const MAX_UNFINISHED_BYTES = 16 * 1_048_576;

export const ORDINARY_LIMITS: ServerLimits = { maxHeaderBytes: 32 * 1_024, maxConnections: 512 };

/**
 * For programs that take notifications: those carry all labels and the addresses of all tasks in the request line.
 * The originals accepted 1 MiB. Senders wait for what they told to be live, and all that wait become so at once: many
 * connections make a few large changes of what would be many small ones. What they may hold that is not whole is bounded
 * for all of them together.
 */
export const NOTIFICATION_LIMITS: ServerLimits = { maxHeaderBytes: 1_048_576, maxConnections: 1_024 };

/** A request line and headers that are not there by then are not coming. */
const HEADERS_TIMEOUT_MS = 10_000;
/** A whole request; bodies are small. */
const REQUEST_TIMEOUT_MS = 30_000;
const TIMEOUT_CHECK_MS = 1_000;

/**
 * Listens until the signal aborts, then lets requests in flight finish. Idle kept-alive sockets are
 * closed every 50 ms, or they would hold the process for seconds.
 */
export function httpServer(
  app: RequestListener,
  address: ListenAddress,
  onListening: (bound: ListenAddress) => void = () => undefined,
  { maxHeaderBytes, maxConnections }: ServerLimits = ORDINARY_LIMITS,
): Actor {
  return {
    name: 'http',
    async run(signal) {
      const server = createServer(
        {
          maxHeaderSize: maxHeaderBytes,
          headersTimeout: HEADERS_TIMEOUT_MS,
          requestTimeout: REQUEST_TIMEOUT_MS,
          connectionsCheckingInterval: TIMEOUT_CHECK_MS,
        },
        app,
      );
      server.keepAliveTimeout = 65_000;
      server.maxConnections = maxConnections;
      limitUnfinishedRequests(server, MAX_UNFINISHED_BYTES);
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
