import { expect, test } from '@jest/globals';
import { codeSpan, markdownTable, tableCell } from './markdown-table.js';

test('a table has one line for each row', () => {
  expect(markdownTable(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
});

test('neither a pipe nor a line break leaves its cell', () => {
  expect(tableCell('one | two\n  three')).toBe('one \\| two three');
});

test.each([
  ['a=b', '`a=b`'],
  ['a `b`', '`` a `b` ``'],
  ['', ''],
])('%j as code is %j', (text, code) => expect(codeSpan(text)).toBe(code));
