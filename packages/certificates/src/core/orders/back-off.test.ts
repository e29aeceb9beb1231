import { expect, test } from '@jest/globals';
import { backOffMs } from './back-off.js';

test.each([
  [1, 0.5, 100],
  [2, 0.5, 200],
  [5, 0.5, 1_000],
  [1, 0, 90],
  [1, 1, 110],
])('the pause after %i failures (chance %d) is %i', (failures, chance, expected) => {
  expect(backOffMs(failures, { minMs: 100, maxMs: 1_000 }, chance)).toBe(expected);
});
