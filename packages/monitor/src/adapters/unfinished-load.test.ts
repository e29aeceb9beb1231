import { expect, test } from '@jest/globals';
import type { ReloadResult } from '../ports.js';
import { createLoads, loadLimitMs } from './unfinished-load.js';

const LIVE: ReloadResult = { kind: 'live' };
/** Is over before anything else happens, however busy the machine is. */
const NO_TIME = 0;
const LONG = 60_000;

/** Loads that end when the test says so. */
function heldLoads() {
  const ends: ((result: ReloadResult) => void)[] = [];
  const load = () => new Promise<ReloadResult>((resolve) => ends.push(resolve));
  return { ends, load };
}

test('more services have more time to be loaded', () => {
  const limits = { reloadMs: 10_000, reloadMsPerMegabyte: 10_000 };
  expect(loadLimitMs(limits, 0)).toBe(10_000);
  expect(loadLimitMs(limits, 3_000_000)).toBe(40_000);
});

test('a load that ends in time says what became of it', async () => {
  const oneLoad = createLoads();
  expect(await oneLoad(() => Promise.resolve(LIVE), LONG)).toEqual(LIVE);
  const rejected: ReloadResult = { kind: 'rejected', reason: 'bad' };
  expect(await oneLoad(() => Promise.resolve(rejected), LONG)).toEqual(rejected);
});

test('while a load that was late goes on, no other one is asked for', async () => {
  const { ends, load } = heldLoads();
  const oneLoad = createLoads();
  expect(await oneLoad(load, NO_TIME)).toEqual({
    kind: 'failed',
    reason: 'Prometheus does not confirm the reload within 0 s',
  });
  expect(await oneLoad(load, NO_TIME)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('still loading'),
  });
  expect(ends).toHaveLength(1);
});

test('the end of a late load does not confirm what was asked for after it', async () => {
  const { ends, load } = heldLoads();
  const oneLoad = createLoads();
  await oneLoad(load, NO_TIME);
  let second: ReloadResult | undefined;
  const answered = oneLoad(load, LONG).then((result) => (second = result));
  ends[0]?.(LIVE);
  while (ends.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(second).toBeUndefined();
  ends[1]?.({ kind: 'rejected', reason: 'the second one' });
  await answered;
  expect(second).toEqual({ kind: 'rejected', reason: 'the second one' });
});

test('a load that throws is told once, and holds up no other', async () => {
  const oneLoad = createLoads();
  await expect(oneLoad(() => Promise.reject(new Error('no such process')), LONG)).rejects.toThrow('process');
  expect(await oneLoad(() => Promise.resolve(LIVE), LONG)).toEqual(LIVE);
});
