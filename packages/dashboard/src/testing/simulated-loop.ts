import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { SOURCE_NAMES, type SourceName } from '../core/readings/readings.js';
import type { SimulatedState } from './simulated-service.js';
import { answerOf } from './source-answers.js';

/** All sources of the page over HTTP, without a Swarm behind them; each can be killed and brought back. */
export interface SimulatedLoop {
  readonly addresses: Readonly<Record<SourceName, string>>;
  state(): SimulatedState;
  change(change: (state: SimulatedState) => SimulatedState): void;
  kill(source: SourceName): Promise<void>;
  revive(source: SourceName): Promise<void>;
  close(): Promise<void>;
}

interface Running {
  server: Server;
  readonly port: number;
  readonly sockets: Set<Socket>;
}

export async function startSimulatedLoop(initial: SimulatedState): Promise<SimulatedLoop> {
  let state = initial;
  /** The scaler's open event streams. */
  const streams = new Set<ServerResponse>();
  const running = new Map<SourceName, Running>();
  /** Answers to the same question about the same state, and the state they are about. */
  const cache = new Map<
    string,
    { readonly of: SimulatedState; readonly text: string; readonly etag: string }
  >();

  function answer(source: SourceName, request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (source === 'scaler' && url.pathname === '/v1/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(': hello\n\n');
      streams.add(response);
      response.on('close', () => streams.delete(response));
      return;
    }
    const key = `${source}${url.pathname}`;
    const isCached = source === 'listener' || source === 'proxy' || source === 'monitor';
    let known = isCached ? cache.get(key) : undefined;
    if (known?.of !== state || url.search !== '') {
      const body = answerOf(source, url, state, Date.now());
      const text = JSON.stringify(body) as string | undefined;
      if (text === undefined) {
        response.writeHead(404).end();
        return;
      }
      known = { of: state, text, etag: `"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"` };
      if (isCached) cache.set(key, known);
    }
    response.setHeader('ETag', known.etag);
    response.setHeader('Content-Type', 'application/json');
    if (request.headers['if-none-match'] === known.etag) response.writeHead(304).end();
    else response.end(known.text);
  }

  async function listen(source: SourceName, port: number): Promise<Running> {
    const sockets = new Set<Socket>();
    const server = createServer((request, response) => answer(source, request, response));
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    const one = { server, sockets, port: (server.address() as AddressInfo).port };
    running.set(source, one);
    return one;
  }

  async function kill(source: SourceName): Promise<void> {
    const one = running.get(source);
    if (one === undefined) return;
    const closed = new Promise<void>((resolve) => one.server.close(() => resolve()));
    for (const socket of one.sockets) socket.destroy();
    await closed;
  }

  const addresses: Partial<Record<SourceName, string>> = {};
  for (const source of SOURCE_NAMES) {
    const { port } = await listen(source, 0);
    addresses[source] = `http://127.0.0.1:${port}`;
  }
  return {
    addresses: addresses as Record<SourceName, string>,
    state: () => state,
    change(change) {
      state = change(state);
      for (const stream of streams) stream.write('event: services\ndata: {}\n\n');
    },
    kill,
    async revive(source) {
      await listen(source, running.get(source)?.port ?? 0);
    },
    async close() {
      for (const source of SOURCE_NAMES) await kill(source);
    },
  };
}
