import { expect, test } from '@jest/globals';
import { pauseOfNowhere, stretchOf } from './look-pace.js';

const PACE = { leastMs: 100, mostMs: 30_000, perSecond: 400 };

/** The pause of a name that has led nowhere for so long beside others, in milliseconds. */
function pauseOf(waitedMs: number, others: readonly number[] = []): number {
  return pauseOfNowhere(waitedMs, stretchOf([waitedMs, ...others], PACE), PACE);
}

test('a name is asked for less often the longer it leads nowhere', () => {
  expect([0, 5_000, 10_000, 60_000, 600_000, 86_400_000].map((waited) => pauseOf(waited))).toEqual([
    ...[100, 100, 100, 600, 6_000, 30_000],
  ]);
});

test('a thousand names that are new together are asked for seldom enough', () => {
  const others = Array.from({ length: 999 }, () => 1_000);
  expect(1_000 / (pauseOf(1_000, others) / 1_000)).toBeLessThanOrEqual(401);
});

test('a new name beside a thousand old ones is asked for as if it were alone', () => {
  const others = Array.from({ length: 1_000 }, () => 300_000);
  expect(pauseOf(1_000, others)).toBe(100);
});
