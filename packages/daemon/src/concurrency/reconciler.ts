import { sleep } from './retry.js';

export interface ReconcilerOptions<T> {
  /** One whole run: compare what is wanted with what runs, and mend the difference. */
  readonly reconcile: (signal: AbortSignal) => Promise<T>;
  /** How long to gather triggers before a run starts. 0: the first one of a quiet time starts at once. */
  readonly debounceMs?: number;
  /** Least time from the start of a run to the start of the next. */
  readonly minIntervalMs?: number;
  /** After a failed run another one is started after this pause; absent: only the next trigger starts one. */
  readonly retryMs?: number;
  readonly onError?: (error: unknown) => void;
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

interface Waiter<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** One run at a time, bursts become few runs, and each caller hears of its own. */
export function createReconciler<T>(options: ReconcilerOptions<T>): Reconciler<T> {
  const { debounceMs = 0, minIntervalMs = 0 } = options;
  let waiters: Waiter<T>[] = [];
  let wanted = false;
  let wake: () => void = () => undefined;

  function trigger(): void {
    wanted = true;
    wake();
  }

  async function runOnce(signal: AbortSignal): Promise<void> {
    const mine = waiters;
    waiters = [];
    wanted = false;
    try {
      const value = await options.reconcile(signal);
      for (const waiter of mine) waiter.resolve(value);
    } catch (error) {
      for (const waiter of mine) waiter.reject(error);
      options.onError?.(error);
      if (options.retryMs !== undefined) void sleep(options.retryMs, signal).then(trigger);
    }
  }

  return {
    name: 'reconciler',
    trigger,
    submit() {
      return new Promise<T>((resolve, reject) => {
        waiters.push({ resolve, reject });
        trigger();
      });
    },
    async run(signal) {
      const stopped = () => signal.aborted;
      let lastStartMs = -Infinity;
      while (!stopped()) {
        if (!wanted) await untilWoken(signal, (resolve) => (wake = resolve));
        if (stopped()) break;
        const waitMs = Math.max(debounceMs, lastStartMs + minIntervalMs - performance.now());
        if (waitMs > 0) await sleep(waitMs, signal);
        if (stopped()) break;
        lastStartMs = performance.now();
        await runOnce(signal);
      }
      for (const waiter of waiters) waiter.reject(new Error('the program is stopping'));
      waiters = [];
    },
  };
}

function untilWoken(signal: AbortSignal, store: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    store(done);
    signal.addEventListener('abort', done, { once: true });
  });
}
