import { expect, test } from '@jest/globals';
import { createSemaphore } from './semaphore.js';

test('so many at a time, in the order they came; a place that was given back twice is still one', async () => {
  const semaphores = createSemaphore(1);
  const { signal } = new AbortController();
  const first = await semaphores.acquire(signal);
  const order: string[] = [];
  const waiting = ['second', 'third'].map(async (name) => {
    const free = await semaphores.acquire(signal);
    order.push(name);
    return free;
  });
  await Promise.resolve();
  expect(order).toEqual([]);
  first?.();
  first?.();
  const second = await waiting[0];
  expect(order).toEqual(['second']);
  second?.();
  await waiting[1];
  expect(order).toEqual(['second', 'third']);
});

test('who gives up waiting takes no place', async () => {
  const semaphores = createSemaphore(1);
  const free = await semaphores.acquire(new AbortController().signal);
  const impatient = new AbortController();
  const waiting = semaphores.acquire(impatient.signal);
  impatient.abort();
  expect(await waiting).toBeUndefined();
  free?.();
  expect(await semaphores.acquire(new AbortController().signal)).toBeDefined();
  expect(await semaphores.acquire(impatient.signal)).toBeUndefined();
});
