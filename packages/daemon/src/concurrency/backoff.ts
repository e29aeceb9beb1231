export interface BackoffOptions {
  /** The first pause in milliseconds. */
  readonly firstMs: number;
  /** No pause is longer than this. */
  readonly maxMs: number;
}

/** Pauses between attempts, each twice as long as the one before. */
export interface Backoff {
  /** The pause before the next attempt, in milliseconds. */
  next(): number;
  /** After a success: the next pause is the first one again. */
  reset(): void;
}

export function backoff({ firstMs, maxMs }: BackoffOptions): Backoff {
  const first = Math.min(firstMs, maxMs);
  let nextMs = first;
  return {
    next() {
      const pauseMs = nextMs;
      nextMs = Math.min(maxMs, pauseMs * 2);
      return pauseMs;
    },
    reset() {
      nextMs = first;
    },
  };
}
