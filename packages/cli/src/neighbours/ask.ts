import { withoutCredentials } from '@docker-flow/labels';
import { messageOf } from '@docker-flow/daemon/errors';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { CannotRunError } from '../exit-status.js';
import type { Io } from '../io.js';

const TIMEOUT_MS = 10_000;
const LARGEST_ANSWER = 64 * 1024 * 1024;

/** Asks programs for JSON. */
export interface Ask {
  /** @throws {CannotRunError} naming the address when nobody gives a JSON answer there */
  json(address: string, path: string): Promise<unknown>;
}

/** Addresses may hold `user:password@`; without, the token of `DFLOW_TOKEN` is shown. */
export function createAsk({ environment }: Pick<Io, 'environment'>): Ask {
  const http = createHttpClient({
    timeoutMs: TIMEOUT_MS,
    maxResponseBytes: LARGEST_ANSWER,
    userAgent: 'dflow',
  });
  const token = environment['DFLOW_TOKEN'] ?? '';
  return {
    async json(address, path) {
      const base = baseOf(address);
      const shown = withoutCredentials(base);
      const headers: Record<string, string> =
        token === '' || base.includes('@') ? {} : { Authorization: `Bearer ${token}` };
      const answer = await http.request({ url: `${base}${path}`, headers }).catch((error: unknown) => {
        throw new CannotRunError(`${shown} does not answer: ${withoutCredentials(messageOf(error))}`);
      });
      if (answer.status !== 200)
        throw new CannotRunError(`${shown}${path} answers with status ${answer.status}`);
      try {
        return JSON.parse(answer.body) as unknown;
      } catch {
        throw new CannotRunError(`${shown}${path} does not answer with JSON`);
      }
    },
  };
}

/** `host`, `host:port` and whole addresses, without a slash at the end. */
function baseOf(address: string): string {
  const whole = /^https?:\/\//.test(address) ? address : `http://${address}`;
  if (!URL.canParse(whole)) throw new CannotRunError(`${withoutCredentials(address)} is not an address`);
  return whole.replace(/\/+$/, '');
}
