import { expect, test } from '@jest/globals';
import { createNonces } from './nonces.js';

test('each nonce is used once, the newest first, and none that is old', () => {
  const time = { nowMs: 0 };
  const nonces = createNonces(() => time.nowMs);
  expect(nonces.take()).toBeUndefined();
  nonces.keep('a');
  time.nowMs = 50_000;
  nonces.keep('b');
  nonces.keep('c');
  expect(nonces.take()).toBe('c');
  time.nowMs = 70_000;
  expect(nonces.take()).toBe('b');
  expect(nonces.take()).toBeUndefined();
});

test('only so many are kept', () => {
  const nonces = createNonces(() => 0);
  for (let i = 0; i < 100; i += 1) nonces.keep(String(i));
  const taken = Array.from({ length: 100 }, () => nonces.take()).filter((one) => one !== undefined);
  expect([taken.length, taken[0]]).toEqual([20, '99']);
});
