import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sameJson } from './same-json.js';

const value = fc.jsonValue({ maxDepth: 3 });

test('a copy says the same, with its fields in any order', () => {
  fc.assert(
    fc.property(value, (one) => {
      const copy: unknown = JSON.parse(JSON.stringify(one));
      expect(sameJson(one, copy)).toBe(true);
      expect(sameJson(one, reversed(copy))).toBe(true);
    }),
  );
});

test('what is written differently is not the same', () => {
  fc.assert(
    fc.property(value, value, (one, other) => {
      expect(sameJson(one, other)).toBe(sorted(one) === sorted(other));
    }),
  );
});

test.each([
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{}, { constructor: 'x' }, false],
  [{ toString: 'x' }, {}, false],
  [JSON.parse('{"__proto__":{}}') as unknown, {}, false],
  [[], {}, false],
  [[1, 2], [1], false],
  [{ a: null }, {}, false],
])('%j and %j: %s', (a, b, expected) => {
  expect(sameJson(a, b)).toBe(expected);
  expect(sameJson(b, a)).toBe(expected);
});

function reversed(one: unknown): unknown {
  if (Array.isArray(one)) return one.map(reversed);
  if (typeof one !== 'object' || one === null) return one;
  return Object.fromEntries(
    Object.entries(one)
      .reverse()
      .map(([key, field]) => [key, reversed(field)]),
  );
}

/** Its text, with the fields in the order of their names. */
function sorted(one: unknown): string {
  return JSON.stringify(one, (_key, field: unknown) =>
    typeof field !== 'object' || field === null || Array.isArray(field)
      ? field
      : Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
}
