import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPathRewrites } from './path-rewrites.js';

function read(text: string) {
  const result = readPathRewrites(text);
  return result.ok
    ? result.value.map(({ search, replace, flags }) => [search, replace, flags])
    : result.problem;
}

test.each([
  ['a,b', [['a', 'b', '']]],
  ['a,', [['a', '', '']]],
  [
    'a,b,g:c,d,ig',
    [
      ['a', 'b', 'g'],
      ['c', 'd', 'gi'],
    ],
  ],
  ['a\\,b,c\\:d', [['a,b', 'c:d', '']]],
  ['(\\d+),/\\1', [['(\\d+)', '/\\1', '']]],
])('%s', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test.each(['a', ',b', 'a,b,c,d', 'a,b:', 'a,b,x'])('%s is not a list of rewrites', (text) => {
  expect(typeof read(text)).toBe('string');
});

test('any pair can be written', () => {
  const part = fc.string({ unit: fc.constantFrom('a', ',', ':', '1'), minLength: 1 });
  const escape = (text: string) => text.replace(/[,:]/g, '\\$&');
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part), { minLength: 1, maxLength: 4 }), (pairs) => {
      const text = pairs.map((pair) => pair.map(escape).join(',')).join(':');
      expect(read(text)).toEqual(pairs.map(([search, replace]) => [search, replace, '']));
    }),
  );
});
