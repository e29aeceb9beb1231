import { sleep } from './sleep.js';

export { sleep };

export interface RetryRules {
  /** All attempts together; `Infinity` for ever. */
  readonly attempts: number;
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
  readonly signal?: AbortSignal;
  readonly onFailure?: (error: unknown, attempt: number) => void;
}

/**
 * Calls `work` until it succeeds; each pause is twice as long as the one before.
 *
 * @throws whatever the last attempt threw, also when the signal aborts between attempts
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, rules: RetryRules): Promise<T> {
  let pauseMs = rules.firstPauseMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      rules.onFailure?.(error, attempt);
      if (attempt >= rules.attempts || rules.signal?.aborted) throw error;
      await sleep(pauseMs, rules.signal);
      if (rules.signal?.aborted) throw error;
      pauseMs = Math.min(rules.maxPauseMs, pauseMs * 2);
    }
  }
}
