import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSameJson } from './json.js';

test('values are the same when they are written alike, but for the order of keys', () => {
  const pair = fc.oneof(
    fc.tuple(fc.jsonValue(), fc.jsonValue()),
    fc.jsonValue().map((value) => [value, JSON.parse(JSON.stringify(value)) as unknown] as const),
  );
  fc.assert(
    fc.property(pair, ([a, b]) => {
      const [one, other] = [a, b].map((value) => JSON.parse(JSON.stringify(value)) as unknown);
      expect(isSameJson(one, other)).toBe(isDeepStrictEqual(one, other));
    }),
  );
  expect(isSameJson({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 })).toBe(true);
});

test.each<[unknown, unknown]>([
  [JSON.parse('{"__proto__":1}'), {}],
  [{ a: undefined }, { b: undefined }],
  [[], {}],
  [[1], { 0: 1 }],
  [null, {}],
  ['1', 1],
])('%j is not %j', (a, b) => {
  expect(isSameJson(a, b)).toBe(false);
  expect(isSameJson(b, a)).toBe(false);
});
