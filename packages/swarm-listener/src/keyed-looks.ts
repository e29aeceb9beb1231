import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/logger';
import { sleep } from '@docker-flow/daemon/retry';

export interface KeyedLooksOptions<H> {
  readonly look: (id: string, hint: H) => Promise<void>;
  /** Of two hints that wait for one look, the one that counts. */
  readonly merge: (older: H, newer: H) => H;
  readonly maxAtOnce: number;
  readonly onError: (id: string, error: unknown) => void;
  readonly logger: Logger;
}

export interface KeyedLooks<H> {
  /** Look at this one; a look that is under way is followed by another. */
  request(id: string, hint: H): void;
  run(signal: AbortSignal): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;

/** One look at a time per subject, several subjects side by side; a failed look is repeated until it works. */
export function createKeyedLooks<H>(options: KeyedLooksOptions<H>): KeyedLooks<H> {
  const waiting = new Map<string, H>();
  const busy = new Set<string>();
  let stop: AbortSignal | undefined;

  function next(): void {
    if (!stop || stop.aborted) return;
    for (const [id, hint] of waiting) {
      if (busy.size >= options.maxAtOnce) return;
      if (busy.has(id)) continue;
      waiting.delete(id);
      busy.add(id);
      void look(id, hint, stop).finally(() => {
        busy.delete(id);
        next();
      });
    }
  }

  async function look(id: string, hint: H, signal: AbortSignal): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    let wanted = hint;
    while (!signal.aborted) {
      try {
        await options.look(id, wanted);
        return;
      } catch (error) {
        options.onError(id, error);
        options.logger.warn('Look failed, trying again', {
          id,
          reason: messageOf(error),
          retryInMs: pauseMs,
        });
        await sleep(pauseMs, signal);
        pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
        const newer = waiting.get(id);
        if (newer !== undefined) wanted = options.merge(wanted, newer);
        waiting.delete(id);
      }
    }
  }

  return {
    request(id, hint) {
      const older = waiting.get(id);
      waiting.set(id, older === undefined ? hint : options.merge(older, hint));
      next();
    },
    async run(signal) {
      stop = signal;
      next();
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
  };
}
