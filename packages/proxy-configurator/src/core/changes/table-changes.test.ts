import { expect, test } from '@jest/globals';
import { tableChanges } from './table-changes.js';

const table = (entries: Readonly<Record<string, string>>) =>
  new Map([['/t.map', new Map(Object.entries(entries))]]);

test('only what differs is told to a running HAProxy', () => {
  expect(tableChanges(table({ a: '1', b: '2', c: '3' }), table({ a: '1', b: '5', d: '4' }))).toEqual([
    'del map /t.map c',
    'set map /t.map b 5',
    'add map /t.map d 4',
  ]);
  expect(tableChanges(table({ a: '1' }), table({ a: '1' }))).toEqual([]);
});
