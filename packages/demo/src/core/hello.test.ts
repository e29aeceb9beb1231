import { expect, test } from '@jest/globals';
import { readDelay } from './hello.js';

test.each([
  [undefined, 0],
  ['', 0],
  ['0', 0],
  ['1500', 1500],
  ['60000', 60_000],
])('delay %j is %d milliseconds', (text, ms) => expect(readDelay(text)).toEqual({ ok: true, value: ms }));

test.each(['60001', '-1', 'slow', '1s', '0.5', 'Infinity'])('delay %j is refused', (text) =>
  expect(readDelay(text)).toMatchObject({ ok: false }),
);
