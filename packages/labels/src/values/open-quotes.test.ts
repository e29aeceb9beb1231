import { expect, test } from '@jest/globals';
import { escapeOpenQuotes } from './open-quotes.js';

test.each([
  ["X-A it's", "X-A it\\'s"],
  ['X-A 5"', 'X-A 5\\"'],
  [`X-A "a b" it's`, `X-A "a b" it\\'s`],
  [`X-A it's "a b"`, `X-A it\\'s "a b"`],
  [`X-A it's 5" long`, `X-A it\\'s 5\\" long`],
  [`X-A "it's`, `X-A \\"it\\'s`],
  ["X-A '", "X-A \\'"],
])('a quote without its partner is an ordinary character: %s', (text, escaped) => {
  expect(escapeOpenQuotes(text)).toBe(escaped);
});

test.each([
  'X-A b',
  'X-A "a b"',
  "X-A 'a \"b'",
  "X-A it\\'s",
  'X-A "a \\" b"',
  "X-A it's b's",
  'X-A %[path,lower]',
])('what HAProxy can pair stays as it is written: %s', (text) => {
  expect(escapeOpenQuotes(text)).toBe(text);
});

test('takes time by the length of the text alone', () => {
  const many = `X-A ${'"\''.repeat(20_000)}"`;
  expect(escapeOpenQuotes(many).length).toBeGreaterThanOrEqual(many.length);
});
