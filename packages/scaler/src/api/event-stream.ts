import type { Request, Response } from 'express';

/** Server-sent events: what happens reaches open pages at once. */
export interface Live {
  /** Keeps the answer open and sends it everything from now on. */
  connect(request: Request, response: Response): void;
  send(event: 'activity' | 'services' | 'trouble', data: unknown): void;
  isWatched(): boolean;
  /** Ends all open answers, so that the program can end. */
  close(): void;
}

const MOST_CLIENTS = 500;
/** Proxies close connections on which nothing happens. */
const HEARTBEAT_MS = 15_000;

export function createLive(): Live {
  const clients = new Set<Response>();
  let isClosed = false;

  function write(text: string): void {
    for (const client of clients) {
      // A client that does not read must not fill the memory; the page connects again.
      if (client.writableLength > 1_000_000) client.destroy();
      else client.write(text);
    }
  }

  const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS);
  heartbeat.unref();

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
      request.on('close', () => clients.delete(response));
    },
    send(event, data) {
      if (clients.size > 0) write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    isWatched: () => clients.size > 0,
    close() {
      isClosed = true;
      clearInterval(heartbeat);
      for (const client of clients) client.end();
    },
  };
}
