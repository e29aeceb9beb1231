import { expect, test } from '@jest/globals';
import { createSingleFlightCache } from './single-flight-cache.js';

/** A clock of our own; making takes as long as we say. */
function world(tookMs: number) {
  let nowMs = 0;
  let made = 0;
  const fresh = createSingleFlightCache(
    () => {
      nowMs += tookMs;
      made += 1;
      return Promise.resolve(made);
    },
    () => nowMs,
  );
  return { fresh, pass: (ms: number) => (nowMs += ms) };
}

test('what is cheap is made anew each time', async () => {
  const { fresh } = world(10);
  expect([await fresh.get(), await fresh.get()]).toEqual([1, 2]);
});

test('what was dear is used again, until something happens or it is old', async () => {
  const { fresh, pass } = world(100);
  expect([await fresh.get(), await fresh.get()]).toEqual([1, 1]);
  fresh.invalidate();
  expect(await fresh.get()).toBe(2);
  pass(11_999);
  expect(await fresh.get()).toBe(2);
  pass(2);
  expect(await fresh.get()).toBe(3);
});

test('what was only a little dear is used again for a shorter time', async () => {
  const { fresh, pass } = world(50);
  expect(await fresh.get()).toBe(1);
  pass(9_999);
  expect(await fresh.get()).toBe(1);
  pass(2);
  expect(await fresh.get()).toBe(2);
});

test('what is renewed is made now, and serves others afterwards', async () => {
  const { fresh, pass } = world(100);
  expect(await fresh.get()).toBe(1);
  expect(await fresh.refresh()).toBe(2);
  pass(11_999);
  expect(await fresh.get()).toBe(2);
});

test('who asks at once shares one answer, but not one that was begun before something happened', async () => {
  const { fresh } = world(10);
  const shared = [fresh.get(), fresh.get()];
  fresh.invalidate();
  const later = fresh.get();
  expect([...(await Promise.all(shared)), await later]).toEqual([1, 1, 2]);
});

test('a failure is not kept', async () => {
  let fails = true;
  const fresh = createSingleFlightCache(
    () => (fails ? Promise.reject(new Error('Docker is away')) : Promise.resolve(1)),
    () => 0,
  );
  await expect(fresh.get()).rejects.toThrow('Docker is away');
  fails = false;
  expect(await fresh.get()).toBe(1);
});
