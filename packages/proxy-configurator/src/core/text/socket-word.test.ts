import { expect, test } from '@jest/globals';
import { socketWord } from './socket-word.js';

test.each([
  ['check', 'check'],
  ['regsub("^(\\\\[.*)$","")', 'regsub("^(\\\\\\\\[.*)$","")'],
  ['str(a b;c)', 'str(a\\ b\\;c)'],
])('%s is one word', (word, said) => expect(socketWord(word)).toBe(said));

test.each(['', '<<', '<<x', 'a\nshow info', 'a\tb', 'ä', '\0'])('%j cannot be said', (word) =>
  expect(socketWord(word)).toBeUndefined(),
);
