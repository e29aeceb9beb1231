export interface Slots {
  /** Resolves with a function that gives the place back, or `undefined` when the signal aborts first. */
  take(signal: AbortSignal): Promise<(() => void) | undefined>;
}

/** So many at a time, first come first served. */
export function createSlots(size: number): Slots {
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
    async take(signal) {
      if (signal.aborted) return undefined;
      if (free > 0) free -= 1;
      else {
        const came = await new Promise<boolean>((resolve) => {
          const turn = () => {
            signal.removeEventListener('abort', giveUp);
            resolve(true);
          };
          const giveUp = () => {
            waiting.delete(turn);
            resolve(false);
          };
          waiting.add(turn);
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
