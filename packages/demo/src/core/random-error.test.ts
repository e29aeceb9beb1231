import { expect, test } from '@jest/globals';
import { isRandomError, readErrorShare } from './random-error.js';

const rolls = Array.from({ length: 1_000 }, (_, index) => index / 1_000);

test('one request in ten fails', () => {
  expect(rolls.filter((roll) => isRandomError(roll))).toHaveLength(100);
});

test.each([
  [0, 0],
  [0.25, 250],
  [1, 1_000],
])('with a share of %d, %d of 1000 fail', (share, count) => {
  expect(rolls.filter((roll) => isRandomError(roll, share))).toHaveLength(count);
});

test.each([
  [undefined, 0],
  ['', 0],
  ['0.5', 0.5],
  ['.5', 0.5],
  ['1', 1],
])('the share %j is %d', (text, share) => expect(readErrorShare(text)).toEqual({ ok: true, value: share }));

test.each(['2', '1.01', '-0.1', 'half', '50%', '1e-1'])('the share %j is refused', (text) =>
  expect(readErrorShare(text)).toMatchObject({ ok: false }),
);
