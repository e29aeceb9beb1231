import { expect, test } from '@jest/globals';
import { settled } from '../testing/fake-clock.js';
import { createSemaphore } from './semaphore.js';

const { signal } = new AbortController();

test('so many at a time, in the order they came; a place that was given back twice is still one', async () => {
  const semaphore = createSemaphore(1);
  const first = await semaphore.acquire(signal);
  const order: string[] = [];
  const waiting = ['second', 'third'].map(async (name) => {
    const release = await semaphore.acquire(signal);
    order.push(name);
    return release;
  });
  await settled();
  expect(order).toEqual([]);
  first?.();
  first?.();
  const second = await waiting[0];
  await settled();
  expect(order).toEqual(['second']);
  second?.();
  await waiting[1];
  expect(order).toEqual(['second', 'third']);
});

test('who gives up waiting takes no place', async () => {
  const semaphore = createSemaphore(1);
  const release = await semaphore.acquire(signal);
  const impatient = new AbortController();
  const waiting = semaphore.acquire(impatient.signal);
  impatient.abort();
  expect(await waiting).toBeUndefined();
  release?.();
  expect(await semaphore.acquire(signal)).toBeDefined();
  expect(await semaphore.acquire(impatient.signal)).toBeUndefined();
});

test('work takes a place while it runs and gives it back when it fails', async () => {
  const semaphore = createSemaphore(2);
  let running = 0;
  let most = 0;
  const works = [1, 2, 3, 4, 5].map((id) =>
    semaphore.run(async () => {
      running += 1;
      most = Math.max(most, running);
      await settled();
      running -= 1;
      if (id === 1) throw new Error('no');
      return id;
    }),
  );
  const results = await Promise.allSettled(works);
  expect(most).toBe(2);
  expect(results.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
    'failed',
    2,
    3,
    4,
    5,
  ]);
});
