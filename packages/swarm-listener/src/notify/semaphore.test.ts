import { expect, test } from '@jest/globals';
import { createSlots } from './semaphore.js';

test('so many at a time, in the order they came; a place that was given back twice is still one', async () => {
  const slots = createSlots(1);
  const { signal } = new AbortController();
  const first = await slots.take(signal);
  const order: string[] = [];
  const waiting = ['second', 'third'].map(async (name) => {
    const free = await slots.take(signal);
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
  const slots = createSlots(1);
  const free = await slots.take(new AbortController().signal);
  const impatient = new AbortController();
  const waiting = slots.take(impatient.signal);
  impatient.abort();
  expect(await waiting).toBeUndefined();
  free?.();
  expect(await slots.take(new AbortController().signal)).toBeDefined();
  expect(await slots.take(impatient.signal)).toBeUndefined();
});
