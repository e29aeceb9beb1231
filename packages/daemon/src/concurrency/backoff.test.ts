import { expect, test } from '@jest/globals';
import { backoff } from './backoff.js';

test('each pause is twice as long as the one before, up to the longest, and short again after a success', () => {
  const pauses = backoff({ firstMs: 100, maxMs: 500 });
  expect([pauses.next(), pauses.next(), pauses.next(), pauses.next(), pauses.next()]).toEqual([
    100, 200, 400, 500, 500,
  ]);
  pauses.reset();
  expect(pauses.next()).toBe(100);
});

test('the first pause is no longer than the longest either', () => {
  expect(backoff({ firstMs: 1_000, maxMs: 200 }).next()).toBe(200);
});
