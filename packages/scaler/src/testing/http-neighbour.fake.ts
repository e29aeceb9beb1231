import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Neighbour {
  readonly address: string;
  readonly received: Received[];
  close(): Promise<void>;
}

/** An HTTP server on a free port that answers as told and keeps what it got. */
export async function startNeighbour(
  answer: (request: Received) => {
    readonly status: number;
    readonly body?: string;
    readonly delayMs?: number;
  },
): Promise<Neighbour> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one: Received = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      received.push(one);
      const { status, body = '', delayMs = 0 } = answer(one);
      const timer = setTimeout(() => {
        response.writeHead(status, {
          'Content-Type': body.startsWith('<') ? 'text/xml' : 'application/json',
        });
        response.end(body);
      }, delayMs);
      response.on('close', () => clearTimeout(timer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
