import { describe, expect, test } from '@jest/globals';
import { parseCron } from './cron.js';
import { cronWindow, isOpen } from './cron-window.js';
import { nextTimeMs } from './next-time.js';
import { zoneOf } from './zone.js';

function next(cron: string, zone: string, after: string): string {
  return new Date(nextTimeMs(parseCron(cron), zoneOf(zone), Date.parse(after))).toISOString();
}

describe('the next time of a cron', () => {
  test.each([
    ['0 8 * * 1-5', 'UTC', '2026-03-02T08:00:00Z', '2026-03-03T08:00:00.000Z'],
    ['0 8 * * Mon-Fri', 'Europe/Berlin', '2026-07-03T06:00:00Z', '2026-07-06T06:00:00.000Z'],
    ['*/20 * * * *', 'Asia/Kolkata', '2026-01-01T00:11:00Z', '2026-01-01T00:30:00.000Z'],
    ['0 0 13 * Fri', 'UTC', '2026-03-09T00:00:00Z', '2026-03-13T00:00:00.000Z'],
    ['0 0 29 Feb ?', 'UTC', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['5,10 1-3/2 * * *', 'UTC', '2026-01-01T01:10:00Z', '2026-01-01T03:05:00.000Z'],
  ])('%s in %s after %s is %s', (cron, zone, after, expected) => {
    expect(next(cron, zone, after)).toBe(expected);
  });

  test('skips a time that the wall never shows', () => {
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-30T00:30:00.000Z');
  });

  test('fires twice where the clock shows it twice', () => {
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z')).toBe('2026-10-25T01:30:00.000Z');
  });
});

describe('a window', () => {
  const office = cronWindow('0 22 * * *', '0 6 * * *', 'UTC');

  test.each([
    ['2026-01-01T21:59:59Z', false],
    ['2026-01-01T22:00:00Z', true],
    ['2026-01-02T05:59:59Z', true],
    ['2026-01-02T06:00:00Z', false],
  ])('over midnight is open from its start until just before its end: %s', (at, expected) => {
    expect(isOpen(office, Date.parse(at) / 1_000)).toBe(expected);
  });

  test('can be asked for earlier times again', () => {
    expect(isOpen(office, Date.parse('2026-01-02T07:00:00Z') / 1_000)).toBe(false);
    expect(isOpen(office, Date.parse('2026-01-01T23:00:00Z') / 1_000)).toBe(true);
  });
});

test.each(['* * * *', '60 * * * *', '* * 0 * *', '* * * * 7', '5-1 * * * *', '*/0 * * * *', '1//2 * * * *'])(
  '"%s" is refused',
  (text) => {
    expect(() => parseCron(text)).toThrow(/is (?:no|not a) /);
  },
);
