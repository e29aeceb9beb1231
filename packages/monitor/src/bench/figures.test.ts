import { expect, test } from '@jest/globals';
import { formatFigures, isMissed, median, percentile } from './figures.js';

test('a figure stands beside its goal and the figure of the original, with the share of each', () => {
  const figures = [
    { what: 'quick', value: 5, unit: 'ms', goal: 10, original: 2.5 },
    { what: 'slow', value: 15.25, unit: 'ms', goal: 10 },
  ];
  expect(formatFigures(figures)).toBe(
    [
      '           now     goal  of the goal  original  of the original',
      'quick     5 ms  ≤ 10 ms         0.50    2.5 ms             2.00',
      'slow   15.3 ms  ≤ 10 ms  1.52 MISSED',
    ].join('\n'),
  );
});

test('a figure that could not be measured counts as missed', () => {
  expect(isMissed({ value: NaN, goal: 1 })).toBe(true);
  expect(isMissed({ value: 1, goal: 1 })).toBe(false);
  expect(isMissed({ value: 1, goal: undefined })).toBe(false);
});

test('percentiles are samples, whatever their order', () => {
  const samples = [3, 1, 2, 5, 4];
  expect(median(samples)).toBe(3);
  expect(percentile(samples, 0.95)).toBe(5);
  expect(percentile([], 0.5)).toBeNaN();
});
