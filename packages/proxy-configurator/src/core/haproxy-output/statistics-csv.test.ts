import { expect, test } from '@jest/globals';
import { readStatistics } from './statistics-csv.js';

const COLUMNS = ['pxname', 'svname', ...Array.from({ length: 60 }, (_, i) => `c${i}`), 'type'];

function row(...cells: readonly string[]): string {
  const [proxy = '', server = '', type = '0', first = ''] = cells;
  return [proxy, server, first, ...Array.from({ length: 59 }, () => '0'), type].join(',');
}

test('rows are frontends, backends or servers, their cells found by the names of the columns', () => {
  const { rows, failures } = readStatistics(
    [`# ${COLUMNS.join(',')}`, row('services', 'FRONTEND', '0', '7'), row('web', 'web_1', '2'), ''].join(
      '\n',
    ),
  );
  expect(failures).toBe(0);
  expect(rows.map(({ kind, proxy, server }) => [kind, proxy, server])).toEqual([
    ['frontend', 'services', 'FRONTEND'],
    ['server', 'web', 'web_1'],
  ]);
  expect(rows[0]?.cells.get('c0')).toBe('7');
});

test('sockets are left out, and short rows counted', () => {
  const { rows, failures } = readStatistics(
    [`# ${COLUMNS.join(',')}`, row('services', 'sock-1', '3'), 'web,FRONTEND,1'].join('\n'),
  );
  expect([rows, failures]).toEqual([[], 1]);
});

test('a cell in quotes may hold commas and quotes', () => {
  const { rows } = readStatistics(
    [`# ${COLUMNS.join(',')}`, row('web', 'BACKEND', '1', '"a, ""b"""')].join('\n'),
  );
  expect(rows[0]?.cells.get('c0')).toBe('a, "b"');
});

test('an empty answer holds nothing', () => {
  expect(readStatistics('')).toEqual({ rows: [], failures: 0 });
});
