/** A raw proposal of an earlier look. */
export interface Recommendation {
  readonly at: number;
  readonly desired: number;
}

/** A change of the count that was written. */
export interface ScaleEvent {
  readonly at: number;
  /** How many replicas came or went; above 0. */
  readonly change: number;
}

/** What is kept of a service from look to look. Times are seconds since 1970. */
export interface Memory {
  /** Not there before the first look and after a pause. */
  readonly recommendations?: readonly Recommendation[] | undefined;
  readonly ups: readonly ScaleEvent[];
  readonly downs: readonly ScaleEvent[];
  /** Failed looks in a row, by metric. */
  readonly failures: Readonly<Record<string, number>>;
  readonly lastActiveAt?: number | undefined;
  /** The first look, unless something better is known. */
  readonly createdAt?: number | undefined;
  /** The zero that stands in the spec is the scaler's. */
  readonly zeroByUs: boolean;
}

/** The longest period of a rate policy is half of it. */
export const EVENTS_KEPT_SECONDS = 3_600;

/** Of a service that was never looked at. */
export const NO_MEMORY: Memory = { ups: [], downs: [], failures: {}, zeroByUs: false };

/** Entries younger than that many seconds. */
export function youngerThan<T extends { readonly at: number }>(
  entries: readonly T[],
  seconds: number,
  now: number,
): readonly T[] {
  return entries.filter(({ at }) => now - at < seconds);
}
