import { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import Docker, { type DockerOptions } from 'dockerode';
import type { DockerEndpoint } from './endpoint.js';

export interface DockerCall {
  readonly method: 'GET' | 'POST';
  /** Without version prefix and query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON text, sent as it is. */
  readonly body?: string;
}

/** The connections to one engine. */
export interface Transport {
  /**
   * Sends a call and answers as soon as the headers are there, whatever their status.
   *
   * @throws {Error} of Node, when no answer came; `code` says why
   */
  dial(call: DockerCall, signal: AbortSignal): Promise<IncomingMessage>;
  /** After a call that ran out of time: its neighbours may be as dead as its own connection was. */
  closeIdleConnections(): void;
}

interface Modem {
  dial(options: object, callback: (error: Error | null, answer: IncomingMessage) => void): void;
}

const POOL = { keepAlive: true, maxFreeSockets: 16 };
const EVERY_STATUS = new Proxy({}, { get: () => true });
/** dockerode fills what is not given from variables such as DOCKER_HOST; where Docker is, is decided before. */
const NOTHING_BY_ITSELF = {
  socketPath: undefined,
  host: undefined,
  port: undefined,
  pathPrefix: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
  timeout: undefined,
  protocol: 'http',
};

/**
 * dockerode's connection (socket, TCP or TLS), answered as a stream of bytes: its own methods parse and rebuild JSON,
 * which rounds large numbers in a spec, keep whole lists in memory, and never settle when an answer breaks off.
 */
export function createTransport({ options }: DockerEndpoint): Transport {
  const agent = options.protocol === 'https' ? new HttpsAgent(POOL) : new HttpAgent(POOL);
  // Each call writes out its options for a debug log, be it on or off: all connections of the agent among them.
  Object.assign(agent, { [inspect.custom]: () => 'Agent' });
  const modem = new Docker({ ...NOTHING_BY_ITSELF, ...options, agent } as DockerOptions).modem as Modem;

  function hasIdleConnections(): boolean {
    return Object.values(agent.freeSockets).some((sockets) => sockets?.some(({ destroyed }) => !destroyed));
  }

  function closeIdleConnections(): void {
    for (const sockets of Object.values(agent.freeSockets))
      for (const socket of sockets ?? []) socket.destroy();
  }

  return {
    async dial(call, signal) {
      // What writes must not meet a connection that was closed while it was idle: it cannot be sent twice.
      if (call.method !== 'GET') closeIdleConnections();
      const mayBeStale = call.method === 'GET' && hasIdleConnections();
      try {
        return await dial(modem, call, signal);
      } catch (error) {
        if (!mayBeStale || signal.aborted || !wasClosed(error)) throw error;
        closeIdleConnections();
        return dial(modem, call, signal);
      }
    },
    closeIdleConnections,
  };
}

function wasClosed(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ECONNRESET' || code === 'EPIPE';
}

function dial(
  modem: Modem,
  { method, path, query, body }: DockerCall,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const options = {
    method,
    path: query === undefined ? path : `${path}?`,
    ...(query === undefined ? {} : { options: { _query: query } }),
    ...(body === undefined
      ? {}
      : { file: Buffer.from(body), headers: { 'Content-Type': 'application/json' } }),
    isStream: true,
    statusCodes: EVERY_STATUS,
    abortSignal: signal,
  };
  return new Promise((resolve, reject) => {
    modem.dial(options, (error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });
}
