import { systemClock, type Clock } from './clock.js';

/** For loops that sleep until there is something to do. */
export interface AutoResetEvent {
  /** Ends one wait; when nobody waits, the next wait ends at once. Several calls before a wait are one. */
  set(): void;
  /** Until it is set, until the signal aborts, or for `ms` milliseconds. */
  wait(signal: AbortSignal, ms?: number): Promise<void>;
}

export function createAutoResetEvent(clock: Clock = systemClock): AutoResetEvent {
  const waiting = new Set<() => void>();
  let isSet = false;
  return {
    set() {
      const [first] = waiting;
      if (first) first();
      else isSet = true;
    },
    wait(signal, ms) {
      if (isSet || signal.aborted) {
        isSet = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const ended = new AbortController();
        function end(): void {
          waiting.delete(end);
          signal.removeEventListener('abort', end);
          ended.abort();
          resolve();
        }
        waiting.add(end);
        signal.addEventListener('abort', end, { once: true });
        if (ms !== undefined) void clock.sleep(ms, ended.signal).then(end);
      });
    },
  };
}
