import { parsed, unreadable, type Parsed } from './parsed.js';

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** The spellings that the original programs understand (Go's `strconv.ParseBool`). */
export function readBoolean(text: string): Parsed<boolean> {
  if (TRUE.has(text)) return parsed(true);
  if (FALSE.has(text)) return parsed(false);
  return unreadable('is not a boolean', 'true or false');
}

/** A decimal integer with optional sign, between `min` and `max` where they are given. */
export function readInteger(text: string, { min, max }: { min?: number; max?: number } = {}): Parsed<number> {
  const expected = describeRange(min, max);
  if (!/^[+-]?[0-9]{1,15}$/.test(text)) return unreadable('is not a whole number', expected);
  const value = Number(text);
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    return unreadable('is out of range', expected);
  }
  return parsed(value);
}

function describeRange(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `a whole number from ${min} to ${max}`;
  if (min !== undefined) return `a whole number of at least ${min}`;
  if (max !== undefined) return `a whole number of at most ${max}`;
  return 'a whole number';
}

/** A TCP port: digits only, 1 to 65535. */
export function readPort(text: string): Parsed<number> {
  if (!/^[0-9]{1,9}$/.test(text)) return unreadable('is not a port', 'a port number from 1 to 65535');
  return readInteger(text, { min: 1, max: 65_535 });
}

const DURATION =
  /^(?:0|(?:[0-9]+y)?(?:[0-9]+w)?(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?(?:[0-9]+ms)?)$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  y: 365 * 86_400_000,
  w: 7 * 86_400_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

/** A Prometheus duration such as `30s` or `1h30m`, as milliseconds. The units must go from large to small. */
export function readDuration(text: string): Parsed<number> {
  if (text === '' || !DURATION.test(text))
    return unreadable('is not a duration', 'a Prometheus duration such as 30s or 1h30m');
  let ms = 0;
  for (const [, count, unit] of text.matchAll(/([0-9]+)(ms|[ywdhms])/g))
    ms += Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
  return parsed(ms);
}

/** Items between separators. Nothing is trimmed, as in the original; an empty text is an empty list. */
export function readList(text: string, separator = ','): readonly string[] {
  return text === '' ? [] : text.split(separator);
}
