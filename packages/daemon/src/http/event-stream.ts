import type { Request, Response } from 'express';
import { untilAborted } from '../concurrency/until-aborted.js';
import type { Actor } from '../process/lifecycle.js';

/** One server-sent event as we tell it; `data` becomes JSON. */
export interface SentEvent {
  readonly event: string;
  /** What a page shows again as `Last-Event-ID` when it connects anew. */
  readonly id?: string;
  readonly data: unknown;
}

/** Answers that stay open, so that pages hear at once of what happens. */
export interface EventStream {
  /**
   * Keeps the answer open, begins it with `first`, and sends it everything from now on.
   *
   * @returns whether it is open; not for HEAD, nor (503) while too many are, or the program ends
   */
  connect(request: Request, response: Response, first?: readonly SentEvent[]): boolean;
  send(event: SentEvent): void;
  /** How many answers are open. */
  size(): number;
  /** Sends heartbeats, and ends all open answers when the program ends. */
  readonly actor: Actor;
}

export interface EventStreamOptions {
  /** After how long a page whose connection broke tries again. */
  readonly retryMs?: number;
  readonly mostClients?: number;
  /** A page that does not read must not fill the memory: with more than so many bytes waiting it is cut off. */
  readonly mostWaitingBytes?: number;
  /** Proxies close connections on which nothing happens. */
  readonly heartbeatMs?: number;
  /** What is sent as a heartbeat; a comment, which pages do not see, where nothing is given. */
  readonly heartbeat?: () => SentEvent;
}

/** Server-sent events for any number of pages. */
export function createEventStream(options: EventStreamOptions = {}): EventStream {
  const { retryMs = 2_000, mostClients = 500, mostWaitingBytes = 1_000_000, heartbeatMs = 15_000 } = options;
  const clients = new Set<Response>();
  let isClosed = false;

  function write(text: string): void {
    for (const client of clients) {
      if (client.writableLength > mostWaitingBytes) client.destroy();
      else client.write(text);
    }
  }

  function heartbeat(): string {
    return options.heartbeat ? textOf(options.heartbeat()) : ': still here\n\n';
  }

  return {
    connect(request, response, first = []) {
      if (isClosed || clients.size >= mostClients) {
        response.status(503).setHeader('Retry-After', '5').end();
        return false;
      }
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
      if (request.method === 'HEAD') {
        response.end();
        return false;
      }
      response.write(`retry: ${retryMs}\n\n${first.map(textOf).join('')}`);
      clients.add(response);
      request.on('close', () => clients.delete(response));
      return true;
    },
    send(event) {
      if (clients.size > 0) write(textOf(event));
    },
    size: () => clients.size,
    actor: {
      name: 'events',
      async run(signal) {
        const timer = setInterval(() => write(heartbeat()), heartbeatMs);
        await untilAborted(signal);
        clearInterval(timer);
        isClosed = true;
        for (const client of clients) client.end();
      },
    },
  };
}

function textOf({ event, id, data }: SentEvent): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}
