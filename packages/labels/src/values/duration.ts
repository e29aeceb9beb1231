import { parsed, unreadable, type Parsed } from './parsed.js';

interface Unit {
  readonly name: string;
  readonly ms: number;
  /** Largest count of it. */
  readonly digits: number;
}

const SECOND = 1_000;
const DAY = 86_400 * SECOND;

/**
 * From large to small. Prometheus counts durations in 64 bits of nanoseconds (292 years); the counts are
 * bounded so that every sum fits, which a pattern can say as well.
 */
const UNITS: readonly Unit[] = [
  { name: 'y', ms: 365 * DAY, digits: 2 },
  { name: 'w', ms: 7 * DAY, digits: 3 },
  { name: 'd', ms: DAY, digits: 4 },
  { name: 'h', ms: 3_600 * SECOND, digits: 5 },
  { name: 'm', ms: 60 * SECOND, digits: 7 },
  { name: 's', ms: SECOND, digits: 9 },
  { name: 'ms', ms: 1, digits: 12 },
];

const COUNTS = UNITS.map(({ name, digits }) => `(?:[0-9]{1,${digits}}${name})?`).join('');

/** Fits exactly the durations that {@link readDuration} takes. */
export const DURATION_PATTERN = `0|(?=[0-9])${COUNTS}`;

const DURATION = new RegExp(`^(?:${DURATION_PATTERN})$`);

/** A Prometheus duration such as `30s` or `1h30m`, as milliseconds. The units must go from large to small. */
export function readDuration(text: string): Parsed<number> {
  if (!DURATION.test(text))
    return unreadable('is not a duration', 'a Prometheus duration such as 30s or 1h30m');
  let ms = 0;
  for (const [, count, unit] of text.matchAll(/([0-9]+)(ms|[ywdhms])/g))
    ms += Number(count) * (UNITS.find(({ name }) => name === unit)?.ms ?? 0);
  return parsed(ms);
}
