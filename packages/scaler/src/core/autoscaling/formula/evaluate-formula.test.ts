import { describe, expect, test } from '@jest/globals';
import { evaluateFormula } from './evaluate-formula.js';
import { parseFormula } from './parse-formula.js';

const INPUTS = new Map([
  ['m1', 6],
  ['m2', 4],
  ['gone', null],
]);

function value(text: string) {
  return evaluateFormula(parseFormula(text), INPUTS);
}

describe('a formula', () => {
  test.each([
    ['(m1 + m2) / 2', 5],
    ['m1 + m2 * 2', 14],
    ['-2 ** 2', -4],
    ['2 ** 3 ^ 2', 512],
    ['2 ** -1', 0.5],
    ['m1 - 1 - 1', 4],
    ['7 % 4', 3],
    ['gone ?? m2 + 1', 5],
    ['-gone ?? 3', -3],
    ['m1 > 5 && m2 < 5 ? 1 : 2', 1],
    ['m1 > 9 or !(m2 == 4) ? 1 : m1 != 6 ? 2 : 3', 3],
    ['max(m1, m2) + min([m1, m2]) + avg(m1, m2) + mean(m1, m2) + sum([1, 2])', 23],
    ['abs(-3) + ceil(1.2) + floor(1.8) + round(2.5)', 9],
    ['true ? m1 : gone + 1', 6],
  ])('%s is %d', (text, result) => {
    expect(value(text)).toEqual({ value: result });
  });

  test('can be nil', () => {
    expect(value('gone ?? nil')).toEqual({ value: null });
  });

  test.each([
    ['gone + 1', /nil stands where a number is needed/],
    ['m1 / 0', /no finite number/],
    ['m1 > 1', /yields a boolean/],
    ['m1 && true', /number stands where true or false/],
    ['other', /asks for other, which is no metric/],
    ['abs(m1, m2)', /takes one number/],
    ['max()', /needs a value/],
  ])('%s fails with a reason', (text, reason) => {
    expect(value(text)).toEqual({ failed: expect.stringMatching(reason) });
  });
});

test.each([
  ['m1 +', 'the end stands where a value should be'],
  ['m1 m2', '"m2" at column 4 stands where the end should be'],
  ['(m1', 'the end stands where ")" should be'],
  ['m1 $ 2', '"$" at column 4 is not part of a formula'],
  ['len(m1)', '"len" is not a function; there are min, max, sum, avg, mean, abs, ceil, floor, round'],
])('"%s" is refused', (text, message) => {
  expect(() => parseFormula(text)).toThrow(message);
});

test('a formula nested without end is refused, not followed', () => {
  expect(() => parseFormula('('.repeat(4_000))).toThrow('nested more than 100 times');
});
