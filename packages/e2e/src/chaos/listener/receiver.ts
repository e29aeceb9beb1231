import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeQuery, firstValues, type Parameters } from '@docker-flow/labels';
import type { Random } from '../random.js';

/** A receiver that does what it is told, as the proxy and the monitor do: it holds what it was last told. */
export interface Receiver {
  /** Without path: `/create` and `/remove` are added. */
  readonly url: string;
  readonly services: ReadonlyMap<string, Parameters>;
  /** When the newest notification about a service came, milliseconds since 1970. */
  toldAtMs(service: string): number | undefined;
  readonly requests: () => number;
  stop(): void;
}

/** How a request ends badly. Half of the time the receiver has done what it was told before. */
const FAULTS = ['answers 500', 'hangs', 'breaks off'] as const;

/** `faultRate`: the share of requests that end badly. */
export async function startReceiver({
  faultRate = 0,
  random,
}: {
  readonly faultRate?: number;
  readonly random: Random;
}): Promise<Receiver> {
  const services = new Map<string, Parameters>();
  const toldAt = new Map<string, number>();
  let requests = 0;

  function apply(path: string, parameters: Parameters): void {
    const name = parameters['serviceName'] ?? '';
    toldAt.set(name, Date.now());
    if (path === '/create') services.set(name, parameters);
    else services.delete(name);
  }

  function fail(response: ServerResponse): void {
    switch (random.pick(FAULTS)) {
      case 'answers 500':
        response.statusCode = 500;
        response.end('failed on purpose');
        return;
      case 'breaks off':
        response.destroy();
        return;
      case 'hangs':
    }
  }

  const server = createServer((request, response) => {
    requests += 1;
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const fails = random.next() < faultRate;
    if (!fails || random.next() < 0.5) apply(path, firstValues(decodeQuery(query)));
    if (fails) fail(response);
    else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    services,
    toldAtMs: (service) => toldAt.get(service),
    requests: () => requests,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
