import { expect, test } from '@jest/globals';
import { rememberLast, rememberReads } from './remember.js';

test('an answer is given again while the other arguments are the same', () => {
  let runs = 0;
  const length = rememberLast((list: readonly number[], more: number) => {
    runs += 1;
    return list.length + more;
  });
  const [one, other] = [[1], [1, 2]];
  expect([length(one, 1), length(other, 1), length(one, 1), runs]).toEqual([2, 3, 2, 2]);
  expect([length(one, 5), length(one, 1), runs]).toEqual([6, 2, 4]);
});

test('an answer is given again while what was looked up is the same, whatever else changes', () => {
  let runs = 0;
  const sum = rememberReads(
    (
      { names }: { readonly names: readonly string[] },
      [ports]: readonly [Pick<Map<string, number>, 'get'>],
    ) => {
      runs += 1;
      return names.reduce((total, name) => total + (ports.get(name) ?? 0), 0);
    },
  );
  const key = { names: ['a', 'b'] };
  expect(sum(key, [new Map([['a', 1]])])).toBe(1);
  expect(
    sum(key, [
      new Map([
        ['a', 1],
        ['c', 9],
      ]),
    ]),
  ).toBe(1);
  expect(runs).toBe(1);
  expect(
    sum(key, [
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    ]),
  ).toBe(3);
  expect(sum(key, [new Map()])).toBe(0);
  expect(runs).toBe(3);
});
