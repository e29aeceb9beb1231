import { expect, test } from '@jest/globals';
import { createSingleFlightCache } from './single-flight-cache.js';

/** A clock of our own; making takes as long as we say. */
function world(tookMs: number) {
  let nowMs = 0;
  let made = 0;
  const cache = createSingleFlightCache(
    () => {
      nowMs += tookMs;
      made += 1;
      return Promise.resolve(made);
    },
    { nowMs: () => nowMs },
  );
  return { cache, pass: (ms: number) => (nowMs += ms) };
}

test('what is cheap is made anew each time', async () => {
  const { cache } = world(10);
  expect([await cache.get(), await cache.get()]).toEqual([1, 2]);
});

test('what was expensive is used again, until something happens or it is old', async () => {
  const { cache, pass } = world(100);
  expect([await cache.get(), await cache.get()]).toEqual([1, 1]);
  cache.invalidate();
  expect(await cache.get()).toBe(2);
  pass(11_999);
  expect(await cache.get()).toBe(2);
  pass(2);
  expect(await cache.get()).toBe(3);
});

test('what was only a little expensive is used again for a shorter time', async () => {
  const { cache, pass } = world(50);
  expect(await cache.get()).toBe(1);
  pass(9_999);
  expect(await cache.get()).toBe(1);
  pass(2);
  expect(await cache.get()).toBe(2);
});

test('what is refreshed is made now, and serves others afterwards', async () => {
  const { cache, pass } = world(100);
  expect(await cache.get()).toBe(1);
  expect(await cache.refresh()).toBe(2);
  pass(11_999);
  expect(await cache.get()).toBe(2);
});

test('who asks at once shares one answer, but not one that was begun before something happened', async () => {
  const { cache } = world(10);
  const shared = [cache.get(), cache.get()];
  cache.invalidate();
  const later = cache.get();
  expect([...(await Promise.all(shared)), await later]).toEqual([1, 1, 2]);
});

test('a failure is not kept', async () => {
  let fails = true;
  const cache = createSingleFlightCache(
    () => (fails ? Promise.reject(new Error('Docker is away')) : Promise.resolve(1)),
    { nowMs: () => 0 },
  );
  await expect(cache.get()).rejects.toThrow('Docker is away');
  fails = false;
  expect(await cache.get()).toBe(1);
});
