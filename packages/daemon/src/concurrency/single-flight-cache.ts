import { systemClock, type Clock } from './clock.js';

export interface SingleFlightCache<T> {
  /** The value, made now unless one is at hand that is new enough. */
  get(): Promise<T>;
  /** The value, made now; at hand for others afterwards. */
  refresh(): Promise<T>;
  /** Something has happened: what is at hand is old. */
  invalidate(): void;
}

/** What is made quicker than this is made anew each time. */
const CHEAP_MS = 50;
/** Anything else may be used again for so many times the time it took to make it … */
const REUSE = 200;
/** … but no longer than this. */
const MAX_AGE_MS = 12_000;

/**
 * Callers that ask at once share one answer, and an answer that was expensive is used again for a while unless
 * something has happened: so asking every few seconds never costs more than a small part of the time, and where
 * answers are cheap each one is new.
 */
export function createSingleFlightCache<T>(
  make: () => Promise<T>,
  clock: Pick<Clock, 'nowMs'> = systemClock,
): SingleFlightCache<T> {
  let version = 0;
  let underWay: { readonly version: number; readonly value: Promise<T> } | undefined;
  let last: { readonly version: number; readonly untilMs: number; readonly value: T } | undefined;

  async function makeNow(): Promise<T> {
    const startedMs = clock.nowMs();
    const startedAt = version;
    const value = await make();
    const endedMs = clock.nowMs();
    const tookMs = endedMs - startedMs;
    last =
      tookMs < CHEAP_MS
        ? undefined
        : { version: startedAt, untilMs: endedMs + Math.min(MAX_AGE_MS, REUSE * tookMs), value };
    return value;
  }

  function refresh(): Promise<T> {
    const mine = { version, value: makeNow() };
    underWay = mine;
    const end = () => {
      if (underWay === mine) underWay = undefined;
    };
    mine.value.then(end, end);
    return mine.value;
  }

  return {
    get() {
      if (last?.version === version && clock.nowMs() < last.untilMs) return Promise.resolve(last.value);
      return underWay?.version === version ? underWay.value : refresh();
    },
    refresh,
    invalidate() {
      version += 1;
    },
  };
}
