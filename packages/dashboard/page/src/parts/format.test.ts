import { expect, test } from '@jest/globals';
import { formatDuration, formatRate, formatSeconds, formatShare } from './format.js';

test.each([
  [-5, '0 s'],
  [59_400, '59 s'],
  [61_000, '1 min'],
  [7_500_000, '2 h 5 min'],
  [7_200_000, '2 h'],
  [400_000_000, '4 d'],
])('%d ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('numbers are as long as they need to be', () => {
  expect([0.00123, 0.0456, 0.5, 1.2345].map(formatSeconds)).toEqual(['1.2 ms', '46 ms', '500 ms', '1.23 s']);
  expect([0, 0.001, 0.256, 12.34, 1_240].map(formatRate)).toEqual(['0', '< 0.01', '0.256', '12.3', '1,240']);
  expect([0, 0.0001, 0.0256, 1.234].map(formatShare)).toEqual(['0 %', '< 0.1 %', '2.6 %', '123 %']);
});
