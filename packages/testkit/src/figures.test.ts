import { expect, test } from '@jest/globals';
import { formatFigure, isMissed, median, percentile, type Figure } from './figures.js';

const words = (figure: Figure) => formatFigure(figure).split(/ {2,}/);

test('a figure stands beside its goal and the figure of the original, with the share of each', () => {
  expect(words({ what: 'quick', value: 5, unit: 'ms', goal: 10, original: 2.5 })).toEqual([
    'quick',
    '5 ms',
    'goal ≤ 10 ms (0.50 of it)',
    'original 2.50 ms (2.00 of it)',
  ]);
  expect(words({ what: 'slow', value: 15.25, unit: 'ms', goal: 10 })).toEqual([
    'slow',
    '15.3 ms',
    'goal ≤ 10 ms (1.52 of it)',
    'MISSED',
  ]);
  expect(words({ what: 'lost', value: 0, unit: 'requests', goal: 0 })).toEqual([
    'lost',
    '0 requests',
    'goal ≤ 0 requests',
  ]);
});

test('some figures have to be at least as large as their goal', () => {
  expect(isMissed({ value: 0.92, atLeast: 0.9 })).toBe(false);
  expect(isMissed({ value: 0.89, atLeast: 0.9 })).toBe(true);
});

test('a figure that could not be measured counts as missed', () => {
  expect(isMissed({ value: NaN, goal: 1 })).toBe(true);
  expect(isMissed({ value: 1, goal: 1 })).toBe(false);
  expect(isMissed({ value: 1 })).toBe(false);
});

test('percentiles are samples, whatever their order', () => {
  const samples = [3, 1, 2, 5, 4];
  expect(median(samples)).toBe(3);
  expect(percentile(samples, 0.95)).toBe(5);
  expect(percentile([], 0.5)).toBeNaN();
});
