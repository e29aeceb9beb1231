import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digitsPattern, integerPattern, listed } from './pattern.js';
import { readInteger } from '../../values/integer.js';

const size = fc.oneof(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 10_000_000 }));

test('a pattern of digits fits the numbers between its bounds, and zeros in front of them', () => {
  fc.assert(
    fc.property(size, size, size, fc.nat({ max: 3 }), (a, b, number, zeros) => {
      const [min, max] = [Math.min(a, b), Math.max(a, b)];
      const text = `${'0'.repeat(zeros)}${number}`;
      const fits = new RegExp(`^${digitsPattern({ min, max, width: 9 })}$`, 'u').test(text);
      expect([text, fits]).toEqual([text, min <= number && number <= max && text.length <= 9]);
    }),
    { numRuns: 500 },
  );
});

test('a pattern of a whole number fits what is read as one', () => {
  const bound = fc.option(fc.integer({ min: -1_000, max: 1_000 }), { nil: undefined });
  const text = fc.tuple(fc.constantFrom('', '+', '-', '--'), fc.constantFrom('', '0', '00'), fc.integer());
  fc.assert(
    fc.property(bound, bound, text, (a, b, [sign, zeros, number]) => {
      const [min, max] = a !== undefined && b !== undefined && b < a ? [b, a] : [a, b];
      const bounds = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
      for (const written of [`${sign}${zeros}${number % 1_200}`, `${sign}${zeros}${number}`]) {
        const fits = new RegExp(`^(?:${integerPattern(bounds)})$`, 'u').test(written);
        expect([written, bounds, fits]).toEqual([written, bounds, readInteger(written, bounds).ok]);
      }
    }),
    { numRuns: 500 },
  );
});

test('things are listed as sentences do', () => {
  expect([listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual(['a', 'a or b', 'a, b or c']);
});
