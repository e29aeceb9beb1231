import { expect, test } from '@jest/globals';
import { withoutQuotes } from './quotes.js';

test.each([
  ['"8080"', '8080'],
  ["'/path'", '/path'],
  ['""', ''],
  [`"it's"`, "it's"],
  ['"a b"', 'a b'],
])('%s holds %s', (value, inner) => expect(withoutQuotes(value)).toBe(inner));

test.each(['8080', '', '"', `"a'`, '"a" or "b"', `'a' 'b'`, ' "a"', '"a" ', '"""'])(
  '%s is not a quoted value',
  (value) => expect(withoutQuotes(value)).toBeUndefined(),
);
