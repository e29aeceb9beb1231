import type { Clock } from '../concurrency/clock.js';

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves the time, ends the sleeps that are over on the way one after the other, and lets what follows run. */
  advance(ms: number): Promise<void>;
  /** How many sleep now. */
  sleepers(): number;
}

interface Sleeper {
  readonly endsAtMs: number;
  readonly end: () => void;
}

export function createFakeClock(startMs = 0): FakeClock {
  const sleepers = new Set<Sleeper>();
  let nowMs = startMs;

  function nextUntil(limitMs: number): Sleeper | undefined {
    const due = [...sleepers].filter(({ endsAtMs }) => endsAtMs <= limitMs);
    return due.sort((a, b) => a.endsAtMs - b.endsAtMs)[0];
  }

  return {
    nowMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        const end = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const sleeper: Sleeper = { endsAtMs: nowMs + ms, end };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', end, { once: true });
      }),
    async advance(ms) {
      const targetMs = nowMs + ms;
      await settled();
      for (let next = nextUntil(targetMs); next; next = nextUntil(targetMs)) {
        nowMs = Math.max(nowMs, next.endsAtMs);
        next.end();
        await settled();
      }
      nowMs = targetMs;
    },
    sleepers: () => sleepers.size,
  };
}

/** Lets everything run that waits for nothing but its turn. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
