import { createAutoResetEvent } from './auto-reset-event.js';
import { systemClock, type Clock } from './clock.js';

export interface ReconcilerOptions<T> {
  /** One whole run: compare what is wanted with what runs, and mend the difference. */
  readonly reconcile: (signal: AbortSignal) => Promise<T>;
  /** How long to gather triggers before a run starts. 0: the first one of a quiet time starts at once. */
  readonly debounceMs?: number;
  /**
   * While many callers come, or came to the run before, gathering goes on as long as more do, up to a quarter of the time
   * that the run before took and to this: fewer and larger runs.
   */
  readonly gatherUpToMs?: number;
  /** Least time from the start of a run to the start of the next. */
  readonly minIntervalMs?: number;
  /** After a failed run another one is started after this pause; absent: only the next trigger starts one. */
  readonly retryMs?: number;
  /** Whether a run that came to its end is to be followed by another one after `retryMs`, as if it had failed. */
  readonly needsRetry?: (value: T) => boolean;
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
}

export interface Reconciler<T> {
  readonly name: string;
  /** Asks for a run and does not wait. */
  trigger(): void;
  /**
   * Asks for a run and answers what the first run says that began after this call. Callers that come
   * while a run is under way share the next one.
   *
   * @throws what that run threw, or an Error when the reconciler was stopped before it began
   */
  submit(): Promise<T>;
  run(signal: AbortSignal): Promise<void>;
}

/** Gathering ends when nobody has come for this part of its longest time. */
const STEPS_OF_GATHERING = 10;

interface Waiter<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** One run at a time, bursts become few runs, and each caller hears of its own. */
export function createReconciler<T>(options: ReconcilerOptions<T>): Reconciler<T> {
  const { debounceMs = 0, gatherUpToMs = 0, minIntervalMs = 0, retryMs, clock = systemClock } = options;
  const wake = createAutoResetEvent(clock);
  let waiters: Waiter<T>[] = [];
  let isWanted = false;
  let isOver = false;
  /** When the run is due that follows one that failed. */
  let retryAtMs = Infinity;

  function trigger(): void {
    isWanted = true;
    wake.set();
  }

  async function runOnce(signal: AbortSignal): Promise<void> {
    const mine = waiters;
    waiters = [];
    isWanted = false;
    retryAtMs = Infinity;
    try {
      const value = await options.reconcile(signal);
      if (options.needsRetry?.(value) === true) retrySoon();
      for (const waiter of mine) waiter.resolve(value);
    } catch (error) {
      retrySoon();
      for (const waiter of mine) waiter.reject(error);
      options.onError?.(error);
    }
  }

  function retrySoon(): void {
    if (retryMs !== undefined) retryAtMs = clock.nowMs() + retryMs;
  }

  /** Until a run is wanted. */
  async function untilWanted(signal: AbortSignal): Promise<void> {
    while (!isWanted && !signal.aborted) {
      const leftMs = retryAtMs - clock.nowMs();
      if (leftMs <= 0) isWanted = true;
      else await wake.wait(signal, Number.isFinite(leftMs) ? leftMs : undefined);
    }
  }

  async function gatherMore(last: { callers: number; ms: number }, signal: AbortSignal): Promise<void> {
    const longestMs = Math.min(gatherUpToMs, last.ms / 4);
    const untilMs = clock.nowMs() + longestMs;
    const stepMs = Math.max(1, debounceMs, longestMs / STEPS_OF_GATHERING);
    // One caller alone does not wait for others. Many that were answered just now may be about to come again: the first
    // of them would have a run of its own.
    for (
      let seen = last.callers > 1 ? 0 : 1;
      waiters.length > seen && clock.nowMs() < untilMs && !signal.aborted;
    ) {
      seen = waiters.length;
      await clock.sleep(stepMs, signal);
    }
  }

  return {
    name: 'reconciler',
    trigger,
    submit() {
      if (isOver) return Promise.reject(new StoppingError());
      return new Promise<T>((resolve, reject) => {
        waiters.push({ resolve, reject });
        trigger();
      });
    },
    async run(signal) {
      let lastStartMs = -Infinity;
      let last = { callers: 0, ms: 0 };
      for (;;) {
        await untilWanted(signal);
        const waitMs = Math.max(debounceMs, lastStartMs + minIntervalMs - clock.nowMs());
        if (waitMs > 0) await clock.sleep(waitMs, signal);
        await gatherMore(last, signal);
        if (signal.aborted) break;
        lastStartMs = clock.nowMs();
        const callers = waiters.length;
        await runOnce(signal);
        last = { callers, ms: clock.nowMs() - lastStartMs };
      }
      isOver = true;
      for (const waiter of waiters) waiter.reject(new StoppingError());
      waiters = [];
    },
  };
}

/** The program ended before the run began that was asked for. */
class StoppingError extends Error {
  override readonly name = 'StoppingError';

  constructor() {
    super('the program is stopping');
  }
}
