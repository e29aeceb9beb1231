import { expect, test } from '@jest/globals';
import { lookForHung, type LastRuns } from './hung-workers.js';
import type { ProcessStatus } from './process-status.js';

const status = (runs: number, isWaiting = true): ProcessStatus => ({
  runs,
  isWaiting,
  hasPending: () => false,
});

/** Looks at one worker at these seconds; answers at which of them it was found to hang. */
function hungAt(looks: readonly (readonly [second: number, status: ProcessStatus])[]): readonly number[] {
  let seen: LastRuns = new Map();
  return looks.flatMap(([second, one]) => {
    const look = lookForHung(seen, new Map([[356, one]]), second * 1_000);
    ({ seen } = look);
    return look.hung.length > 0 ? [second] : [];
  });
}

test('a worker whose main thread has not run for two minutes and a half hangs', () => {
  const looks = [0, 60, 120, 149, 150].map((second) => [second, status(387)] as const);
  expect(hungAt(looks)).toEqual([150]);
});

test('one that runs now and then does not', () => {
  const looks = [0, 60, 120, 180, 240, 300, 360].map((second) => [second, status(second)] as const);
  expect(hungAt(looks)).toEqual([]);
});

test('one that is stopped, or has work, does not: it counts from when it waits again', () => {
  expect(
    hungAt([
      [0, status(5)],
      [200, status(5, false)],
      [300, status(5)],
      [349, status(5)],
      [350, status(5)],
    ]),
  ).toEqual([350]);
});

test('a worker that has gone is forgotten', () => {
  const { seen } = lookForHung(new Map([[356, { runs: 1, atMs: 0 }]]), new Map(), 1_000);
  expect(seen.size).toBe(0);
});
