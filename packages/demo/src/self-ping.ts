import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { messageOf } from '@docker-flow/daemon/errors';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';

export interface SelfPingOptions {
  readonly client: HttpClient;
  readonly logger: Logger;
  readonly intervalMs: number;
  /** The address to ask; known once the server listens, `undefined` until then. */
  readonly url: () => string | undefined;
}

/**
 * Asks the service itself at an even pace, so that a service without visitors has response times too:
 * a ratio of rates over no requests at all is no number, and no alert on it can fire.
 */
export function createSelfPing({ client, logger, intervalMs, url }: SelfPingOptions): Actor {
  return {
    name: 'self-ping',
    async run(signal) {
      while (!signal.aborted) {
        const target = url();
        if (target !== undefined) await ping(target, signal);
        await sleep(intervalMs, signal);
      }
    },
  };

  async function ping(target: string, signal: AbortSignal): Promise<void> {
    try {
      await client.request({ url: target, signal });
    } catch (error) {
      if (!signal.aborted) logger.warn('No answer to a request to myself', { reason: messageOf(error) });
    }
  }
}

/** Where a server that listens on `host` can be reached from its own machine. */
export function ownUrl({ host, port }: { host: string; port: number }, path: string): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}${path}`;
  if (host === '::') return `http://[::1]:${port}${path}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}
