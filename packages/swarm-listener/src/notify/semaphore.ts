export interface Semaphore {
  /** Resolves with a function that gives the place back, or `undefined` when the signal aborts first. */
  acquire(signal: AbortSignal): Promise<(() => void) | undefined>;
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

  return {
    async acquire(signal) {
      if (signal.aborted) return undefined;
      if (free > 0) free -= 1;
      else {
        const came = await new Promise<boolean>((resolve) => {
          const generation = () => {
            signal.removeEventListener('abort', giveUp);
            resolve(true);
          };
          const giveUp = () => {
            waiting.delete(generation);
            resolve(false);
          };
          waiting.add(generation);
          signal.addEventListener('abort', giveUp, { once: true });
        });
        if (!came) return undefined;
      }
      let given = false;
      return () => {
        if (!given) release();
        given = true;
      };
    },
  };
}
