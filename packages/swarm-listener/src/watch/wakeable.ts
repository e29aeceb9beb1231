export interface Waker {
  /** Ends a wait; without one the next wait ends at once. */
  wake(): void;
  /** Until woken, until the signal aborts, or for so long. */
  wait(signal: AbortSignal, ms?: number): Promise<void>;
}

/** For loops that sleep until there is something to do. */
export function createWaker(): Waker {
  let woken = false;
  let end: (() => void) | undefined;
  return {
    wake() {
      if (end) end();
      else woken = true;
    },
    wait(signal, ms) {
      if (woken || signal.aborted) {
        woken = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(done, ms);
        function done(): void {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          end = undefined;
          resolve();
        }
        end = done;
        signal.addEventListener('abort', done, { once: true });
      });
    },
  };
}
