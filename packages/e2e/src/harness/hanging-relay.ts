import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a server, and can let requests hang: they are taken, and answered once it hangs no more. */
export interface HangingRelay {
  /** `http://host:port`, without slash at the end. */
  readonly url: string;
  hang(isHanging: boolean): void;
  /** Paths of the requests that hang now. */
  held(): readonly string[];
  close(): Promise<void>;
}

export interface RelayOptions {
  /** A URL without a path. */
  readonly target: string;
  /** Where it listens; this machine alone when absent. */
  readonly host?: string;
  /** Any free one when absent. */
  readonly port?: number;
}

export async function startHangingRelay(options: RelayOptions): Promise<HangingRelay> {
  const { target, host = '127.0.0.1', port = 0 } = options;
  let isHanging = false;
  const waiting = new Map<() => void, string>();
  const server: Server = createServer((asked, answer) => {
    const { method, url = '/', headers } = asked;
    const pass = () => {
      waiting.delete(pass);
      const passed = request(new URL(url, target), { method, headers }, (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      });
      passed.on('error', () => answer.destroy());
      asked.pipe(passed);
    };
    if (!isHanging) {
      pass();
      return;
    }
    waiting.set(pass, url);
    asked.once('close', () => waiting.delete(pass));
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    held: () => [...waiting.values()],
    hang(value) {
      isHanging = value;
      if (!value) for (const pass of [...waiting.keys()]) pass();
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
