import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isWellPlaced, nextLookAt, type Samples } from './next-look.js';

const INTERVAL_MS = 5_000;
/** Later than a sample, so that one that is a little late is seen, too. */
const MARGIN_MS = 250;

/** One series whose newest sample was there since so long when it was asked at this time. */
function sampledAt(atMs: number, ageMs: number, series = 1): Samples {
  return { atMs, ages: [{ ageMs, series }] };
}

/** The times of looks, each asking when samples come. */
function looks(firstMs: number, count: number, scrapeAtMs: (lookMs: number) => number): readonly number[] {
  const times = [firstMs];
  while (times.length < count) {
    const lookMs = times.at(-1) ?? 0;
    times.push(nextLookAt(lookMs, INTERVAL_MS, sampledAt(lookMs, lookMs - scrapeAtMs(lookMs))));
  }
  return times;
}

describe('nextLookAt', () => {
  test('without samples an interval after the last look', () => {
    expect(nextLookAt(1_000, INTERVAL_MS, undefined)).toBe(6_000);
    expect(nextLookAt(1_000, INTERVAL_MS, { atMs: 1_000, ages: [] })).toBe(6_000);
  });

  test('a little after the next sample, and then an interval after each other', () => {
    // Scrapes at 2 s, 7 s, 12 s …
    const times = looks(6_000, 4, (lookMs) => lookMs - ((lookMs - 2_000) % INTERVAL_MS));
    expect(times).toEqual([6_000, 7_000 + MARGIN_MS, 12_000 + MARGIN_MS, 17_000 + MARGIN_MS]);
  });

  test('samples that come more rarely than looks are seen a little after they come, too', () => {
    // Scrapes at 2 s, 17 s, 32 s …
    const times = looks(6_000, 6, (lookMs) => Math.max(2_000, lookMs - ((lookMs - 2_000) % 15_000)));
    expect(times.slice(1)).toEqual([7_250, 12_250, 17_250, 22_250, 27_250]);
  });

  test('never much nearer than a second: what would be is reached in two strides', () => {
    const samples = sampledAt(10_000, 4_750);
    const second = nextLookAt(10_000, INTERVAL_MS, samples);
    expect(second).toBe(12_750);
    expect(nextLookAt(second, INTERVAL_MS, samples)).toBe(15_500);
  });

  test('where most of the series are counts', () => {
    const samples = { atMs: 10_000, ages: [1_000, 1_000, 3_000].map((ageMs) => ({ ageMs, series: 5 })) };
    expect(nextLookAt(10_000, INTERVAL_MS, samples)).toBe(14_000 + MARGIN_MS);
  });

  test('stays where it is when another time would be hardly better', () => {
    expect(nextLookAt(10_000, INTERVAL_MS, sampledAt(10_000, 450))).toBe(15_000);
    expect(isWellPlaced(10_000, INTERVAL_MS, sampledAt(10_000, 450))).toBe(true);
    expect(isWellPlaced(10_000, INTERVAL_MS, sampledAt(10_000, 2_000))).toBe(false);
  });

  test('is always ahead, and never later than an interval', () => {
    const age = fc.record({
      ageMs: fc.integer({ min: 0, max: 300_000 }),
      series: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(
        fc.array(age, { maxLength: 8 }),
        fc.integer({ min: 500, max: 60_000 }),
        fc.integer({ min: 0, max: 10 ** 12 }),
        fc.integer({ min: 0, max: 90_000 }),
        (ages, intervalMs, lastMs, askedBeforeMs) => {
          const next = nextLookAt(lastMs, intervalMs, { atMs: lastMs - askedBeforeMs, ages });
          expect(next - lastMs).toBeGreaterThanOrEqual(Math.min(1_000, intervalMs / 2) - 1e-3);
          expect(next - lastMs).toBeLessThanOrEqual(intervalMs + 1e-3);
        },
      ),
    );
  });
});
