import type { Actor } from './actor.js';
import { backoff, type Backoff, type BackoffOptions } from './backoff.js';
import { systemClock, type Clock } from './clock.js';
import { untilAborted } from './until-aborted.js';

export interface WorkQueueOptions {
  readonly name?: string;
  /**
   * Handles one key. A number it answers: handle the key again after so many milliseconds, or earlier when it is
   * added before. When it throws, the key is handled again after a pause that grows with each failure in a row.
   */
  readonly handle: (key: string, signal: AbortSignal) => Promise<number | undefined>;
  /** Keys that are handled side by side; absent: all of them. */
  readonly maxAtOnce?: number;
  /** Additions of one key within this time are one handling. 0: the first one starts at once. */
  readonly gatherMs?: number;
  /** Pauses after failures; absent: a key that failed is handled again when it is added again. */
  readonly retry?: BackoffOptions;
  /** `retryInMs`: when the key is handled again, as far as is known now. */
  readonly onError: (key: string, error: unknown, retryInMs: number | undefined) => void;
  readonly clock?: Clock;
}

/** Keys that have something to be done about, as client-go's work queue. */
export interface WorkQueue extends Actor {
  /**
   * This key has changed. It is handled once however often it is added before that; when it is being handled, it is
   * handled once more.
   */
  add(key: string): void;
}

interface Pause {
  readonly endsAtMs: number;
  readonly ended: AbortController;
}

/**
 * One handling at a time per key, several keys side by side, repeated until it works. A key that waits for its next
 * attempt holds up nobody. Nothing is handled before `run`.
 */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { maxAtOnce = Infinity, gatherMs = 0, clock = systemClock } = options;
  const ready = new Set<string>();
  const busy = new Set<string>();
  const paused = new Map<string, Pause>();
  /** Keys whose last handling failed. */
  const failing = new Map<string, Backoff>();
  let stop: AbortSignal | undefined;

  /** The key is handled after `ms`, or earlier when that was already agreed. */
  function schedule(key: string, ms: number): void {
    if (ready.has(key)) return;
    const endsAtMs = clock.nowMs() + ms;
    const pause = paused.get(key);
    if (pause) {
      if (pause.endsAtMs <= endsAtMs) return;
      paused.delete(key);
      pause.ended.abort();
    }
    if (ms > 0) void makeReadyLater(key, ms, { endsAtMs, ended: new AbortController() });
    else makeReady(key);
  }

  async function makeReadyLater(key: string, ms: number, pause: Pause): Promise<void> {
    paused.set(key, pause);
    await clock.sleep(ms, pause.ended.signal);
    if (paused.get(key) !== pause) return;
    paused.delete(key);
    makeReady(key);
  }

  function makeReady(key: string): void {
    ready.add(key);
    startReady();
  }

  function startReady(): void {
    if (!stop || stop.aborted) return;
    for (const key of ready) {
      if (busy.size >= maxAtOnce) return;
      if (busy.has(key)) continue;
      ready.delete(key);
      busy.add(key);
      void handle(key, stop).finally(() => {
        busy.delete(key);
        startReady();
      });
    }
  }

  async function handle(key: string, signal: AbortSignal): Promise<void> {
    try {
      const againInMs = await options.handle(key, signal);
      failing.delete(key);
      if (againInMs !== undefined) schedule(key, againInMs);
    } catch (error) {
      const retryInMs = pauseAfterFailure(key);
      options.onError(key, error, retryInMs);
      if (retryInMs !== undefined) schedule(key, retryInMs);
    }
  }

  function pauseAfterFailure(key: string): number | undefined {
    if (!options.retry) return undefined;
    const pauses = failing.get(key) ?? backoff(options.retry);
    failing.set(key, pauses);
    return pauses.next();
  }

  return {
    name: options.name ?? 'work-queue',
    add: (key) => schedule(key, gatherMs),
    async run(signal) {
      stop = signal;
      startReady();
      await untilAborted(signal);
      ready.clear();
      for (const pause of paused.values()) pause.ended.abort();
      paused.clear();
    },
  };
}
