import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { byText, compareBytes } from './order.js';

test('texts are ordered by the bytes of their UTF-8 form', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'B', 'é', '\ue000', '\uffff', '😀', '👩') });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test('things are ordered by the first text that differs', () => {
  const people = [
    { name: 'b', town: 'x' },
    { name: 'a', town: 'y' },
    { name: 'a', town: 'Z' },
  ];
  const sorted = people.sort(
    byText(
      ({ name }) => name,
      ({ town }) => town,
    ),
  );
  expect(sorted.map(({ name, town }) => name + town)).toEqual(['aZ', 'ay', 'bx']);
});
