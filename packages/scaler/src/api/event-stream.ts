import type { Request, Response } from 'express';
import { untilAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';

/** Server-sent events: what happens reaches open pages at once. */
export interface EventStream {
  /** Keeps the answer open and sends it everything from now on. */
  connect(request: Request, response: Response): void;
  send(event: 'activity' | 'services' | 'trouble', data: unknown): void;
  isWatched(): boolean;
  /** Ends all open answers when the program ends. */
  readonly actor: Actor;
}

const MOST_CLIENTS = 500;
/** Proxies close connections on which nothing happens. */
const HEARTBEAT_MS = 15_000;

export function createEventStream(): EventStream {
  const clients = new Set<Response>();
  let isClosed = false;
  let heartbeat: NodeJS.Timeout | undefined;

  function write(text: string): void {
    for (const client of clients) {
      // A client that does not read must not fill the memory; the page connects again.
      if (client.writableLength > 1_000_000) client.destroy();
      else client.write(text);
    }
  }

  return {
    connect(request, response) {
      if (isClosed || clients.size >= MOST_CLIENTS) {
        response.status(503).setHeader('Retry-After', '5').end();
        return;
      }
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      response.write('retry: 2000\n\n');
      clients.add(response);
      heartbeat ??= setInterval(() => write(': still here\n\n'), HEARTBEAT_MS).unref();
      request.on('close', () => clients.delete(response));
    },
    send(event, data) {
      if (clients.size > 0) write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    isWatched: () => clients.size > 0,
    actor: {
      name: 'events',
      async run(signal) {
        await untilAborted(signal);
        isClosed = true;
        clearInterval(heartbeat);
        for (const client of clients) client.end();
      },
    },
  };
}
