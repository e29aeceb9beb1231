import { expect, test } from '@jest/globals';
import { withCharacterColumns } from './character-columns.js';

const LINE = 'labels: {"a😀é": "1", com.df.port: eighty}';

test.each([
  ['labels', 1, 7, 1, 7],
  ['"a😀é"', 10, 16, 10, 15],
  ['com.df.port', 23, 34, 22, 33],
])('%s is at columns that count characters', (word, column, endColumn, shown, shownEnd) => {
  // As JavaScript counts.
  expect(LINE.slice(column - 1, endColumn - 1)).toBe(word);
  const place = { file: 'a.yml', line: 1, column, endLine: 1, endColumn };
  const report = withCharacterColumns({
    findings: [
      { code: 'DF101', severity: 'error', message: 'm', place, related: [{ place, message: 'there' }] },
      { code: 'DF001', severity: 'error', message: 'm', place: { ...place, file: 'unread.yml' } },
    ],
    files: ['a.yml', 'unread.yml'],
    services: 1,
    sources: new Map([['a.yml', [LINE]]]),
    unchecked: [],
  });
  const counted = { column: shown, endColumn: shownEnd };
  expect(report.findings).toMatchObject([
    { place: counted, related: [{ place: counted, message: 'there' }] },
    { place: { column, endColumn } },
  ]);
});
