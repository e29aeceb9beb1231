import { expect, test } from '@jest/globals';
import { isRandomError } from './random-error.js';

test('one request in ten fails', () => {
  const rolls = Array.from({ length: 1_000 }, (_, index) => index / 1_000);
  expect(rolls.filter(isRandomError)).toHaveLength(100);
});
