import { sleep } from './sleep.js';

/** Time as the parts of this folder need it, passed in so that tests do not wait. */
export interface Clock {
  /** Milliseconds of a clock that never goes back. */
  nowMs(): number;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = { nowMs: () => performance.now(), sleep };
