import type { Request, Response } from 'express';
import { untilAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Change, Document } from '../core/changes/document.js';

/** Server-sent events: open pages hear of each change once, also across a broken connection. */
export interface EventStream {
  /**
   * Keeps the answer open. A page that has seen something (`Last-Event-ID`, or `since` in the query) is told the
   * difference, every other the whole.
   */
  connect(request: Request, response: Response, since: string | undefined): void;
  send(change: Change): void;
  size(): number;
  /** Sends heartbeats, and ends all open answers when the program ends. */
  readonly actor: Actor;
}

export interface EventStreamOptions {
  readonly document: Pick<Document, 'since' | 'whole'>;
  /** Tells the states of this run from those of another. */
  readonly run: string;
  readonly now: () => number;
  readonly onOpen: () => void;
  readonly heartbeatMs?: number;
}

const MOST_CLIENTS = 200;
/** Proxies close connections on which nothing happens, and pages notice that nothing comes. */
const HEARTBEAT_MS = 10_000;
/** A page that does not read must not fill the memory; it connects again. */
const MOST_WAITING_BYTES = 8_000_000;

export function createEventStream(options: EventStreamOptions): EventStream {
  const { document, run, now, onOpen, heartbeatMs = HEARTBEAT_MS } = options;
  const clients = new Set<Response>();
  let isClosed = false;

  function eventText(event: 'whole' | 'change', { id, set, gone }: Change): string {
    return `event: ${event}\nid: ${run}-${id}\ndata: ${JSON.stringify({ atMs: now(), set, gone })}\n\n`;
  }

  function heartbeat(): string {
    return `event: heartbeat\ndata: ${JSON.stringify({ atMs: now() })}\n\n`;
  }

  function write(text: string): void {
    for (const client of clients) {
      if (client.writableLength > MOST_WAITING_BYTES) client.destroy();
      else client.write(text);
    }
  }

  /** What a page that has seen `since` has to hear now. */
  function greeting(since: string | undefined): string {
    const [, seenRun, seen] = /^([a-z0-9]+)-([0-9]{1,15})$/.exec(since ?? '') ?? [];
    const difference = seenRun === run ? document.since(Number(seen)) : undefined;
    return difference === undefined ? eventText('whole', document.whole()) : eventText('change', difference);
  }

  return {
    connect(request, response, since) {
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
      response.write(`retry: 1000\n\n${greeting(request.get('last-event-id') ?? since)}${heartbeat()}`);
      clients.add(response);
      request.on('close', () => clients.delete(response));
      onOpen();
    },
    send(change) {
      if (clients.size > 0) write(eventText('change', change));
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
