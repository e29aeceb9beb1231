import { parsed, unreadable, type Parsed } from './parsed.js';

/** Smallest and largest number allowed, both included. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** Digits that a whole number may have: all of them fit into a JavaScript number exactly. */
export const MAX_DIGITS = 15;

const INTEGER = new RegExp(`^[+-]?[0-9]{1,${MAX_DIGITS}}$`);

/** A decimal integer with optional sign, between `min` and `max` where they are given. */
export function readInteger(text: string, bounds: Bounds = {}): Parsed<number> {
  const { min = -Infinity, max = Infinity } = bounds;
  const expected = describeBounds(bounds);
  if (!INTEGER.test(text)) return unreadable('is not a whole number', expected);
  const value = Number(text);
  return min <= value && value <= max ? parsed(value) : unreadable('is out of range', expected);
}

/** `a whole number from 1 to 5`, in words for a message. */
export function describeBounds({ min, max }: Bounds): string {
  if (min !== undefined && max !== undefined) return `a whole number from ${min} to ${max}`;
  if (min !== undefined) return `a whole number of at least ${min}`;
  if (max !== undefined) return `a whole number of at most ${max}`;
  return 'a whole number';
}

export const PORTS = { min: 1, max: 65_535 } as const satisfies Bounds;

/** A TCP port: digits only, 1 to 65535. */
export function readPort(text: string): Parsed<number> {
  const port = /^[0-9]{1,9}$/.test(text) ? readInteger(text, PORTS) : unreadable('', '');
  return port.ok ? port : unreadable('is not a port', `a port number from ${PORTS.min} to ${PORTS.max}`);
}
