import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quoteWord } from './quote-word.js';

/** How HAProxy reads one word (configuration manual 2.2), as far as quoting goes. */
function readWord(text: string): string | undefined {
  let word = '';
  for (let i = 0; i < text.length; i += 1) {
    const sign = text.charAt(i);
    if (sign === "'") {
      const end = text.indexOf("'", i + 1);
      if (end < 0) return undefined;
      word += text.slice(i + 1, end);
      i = end;
    } else if (sign === '\\') {
      i += 1;
      word += text.charAt(i);
    } else if (/[\s#"$]/.test(sign)) return undefined;
    else word += sign;
  }
  return word;
}

test('whatever a word holds, HAProxy reads it back as it was and as one word', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (word) => {
      expect(readWord(quoteWord(word))).toBe(word);
    }),
    { numRuns: 500 },
  );
});

test('an empty word is still a word', () => {
  expect(quoteWord('')).toBe("''");
});
