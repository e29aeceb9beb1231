import type { WallClock } from '../ports.js';

/** Asks again and again, ever more rarely. */
export interface Polling {
  /** What `ask` answers once `isOver`; `undefined` when that takes too long. @throws what `ask` throws, and when the signal aborts */
  until<T>(ask: () => Promise<T>, isOver: (value: T) => boolean, signal: AbortSignal): Promise<T | undefined>;
}

export interface PollingOptions {
  readonly clock: WallClock;
  readonly firstMs?: number;
  readonly maxMs?: number;
  readonly limitMs?: number;
}

const GROWTH = 1.6;

/** The program is to end: what is under way goes on after the next start. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

export function createPolling({
  clock,
  firstMs = 100,
  maxMs = 3_000,
  limitMs = 180_000,
}: PollingOptions): Polling {
  return {
    async until(ask, isOver, signal) {
      let pauseMs = firstMs;
      for (let waitedMs = 0; waitedMs <= limitMs; waitedMs += pauseMs) {
        if (signal.aborted) throw new StoppedError('the program is stopping');
        const value = await ask();
        if (isOver(value)) return value;
        await clock.sleep(pauseMs, signal);
        pauseMs = Math.min(maxMs, pauseMs * GROWTH);
      }
      return undefined;
    },
  };
}
