import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { sleep } from '@docker-flow/daemon/concurrency/retry';

export interface KeyedLooksOptions {
  readonly look: (id: string) => Promise<void>;
  readonly maxAtOnce: number;
  readonly onError: (id: string, error: unknown) => void;
  readonly logger: Logger;
}

export interface KeyedLooks {
  /** Look at this one; a look that is under way is followed by another. */
  request(id: string): void;
  run(signal: AbortSignal): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;

/**
 * One look at a time per subject, several subjects side by side. A look that fails is repeated until it works, after
 * pauses in which it holds up nobody.
 */
export function createKeyedLooks(options: KeyedLooksOptions): KeyedLooks {
  const waiting = new Set<string>();
  const busy = new Set<string>();
  /** Keys whose last look has failed, with the pause until the next. */
  const pauses = new Map<string, number>();
  const paused = new Set<string>();
  let stop: AbortSignal | undefined;

  function request(id: string): void {
    waiting.add(id);
    next();
  }

  function next(): void {
    if (!stop || stop.aborted) return;
    for (const id of waiting) {
      if (busy.size >= options.maxAtOnce) return;
      if (busy.has(id)) continue;
      waiting.delete(id);
      busy.add(id);
      void look(id, stop).finally(() => {
        busy.delete(id);
        next();
      });
    }
  }

  async function look(id: string, signal: AbortSignal): Promise<void> {
    try {
      await options.look(id);
      pauses.delete(id);
    } catch (error) {
      const retryInMs = Math.min(MAX_PAUSE_MS, 2 * (pauses.get(id) ?? FIRST_PAUSE_MS / 2));
      pauses.set(id, retryInMs);
      options.onError(id, error);
      options.logger.warn('Look failed, trying again', { id, reason: messageOf(error), retryInMs });
      void lookAgain(id, retryInMs, signal);
    }
  }

  async function lookAgain(id: string, pauseMs: number, signal: AbortSignal): Promise<void> {
    if (paused.has(id)) return;
    paused.add(id);
    await sleep(pauseMs, signal);
    paused.delete(id);
    // Somebody may have asked for it meanwhile, and then it worked.
    if (pauses.has(id)) request(id);
  }

  return {
    request,
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
