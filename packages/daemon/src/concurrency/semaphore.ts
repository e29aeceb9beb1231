export interface Semaphore {
  /** Resolves with a function that gives the place back, or `undefined` when the signal aborts first. */
  acquire(signal: AbortSignal): Promise<(() => void) | undefined>;
  /** Does `work` when there is a place for it; answers or throws what it does. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** So many at a time, first come first served. */
export function createSemaphore(size: number): Semaphore {
  let free = size;
  const waiting = new Set<() => void>();

  function release(): void {
    const [next] = waiting;
    if (next) {
      waiting.delete(next);
      next();
    } else free += 1;
  }

  function wait(signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const turn = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve(true);
      };
      const giveUp = () => {
        waiting.delete(turn);
        resolve(false);
      };
      waiting.add(turn);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  async function take(signal?: AbortSignal): Promise<boolean> {
    if (signal?.aborted) return false;
    if (free === 0) return wait(signal);
    free -= 1;
    return true;
  }

  return {
    async acquire(signal) {
      if (!(await take(signal))) return undefined;
      let isHeld = true;
      return () => {
        if (isHeld) release();
        isHeld = false;
      };
    },
    async run(work) {
      await take();
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}
