import { expect, test } from '@jest/globals';
import { readPersonName } from './person.js';

test.each([
  ['Ada', 'Ada'],
  ['  Ada Lovelace ', 'Ada Lovelace'],
  ["Robert'); DROP TABLE people;--", "Robert'); DROP TABLE people;--"],
  ['Zoë 🚀', 'Zoë 🚀'],
  ['🚀'.repeat(100), '🚀'.repeat(100)],
])('%j is a name', (text, name) => expect(readPersonName(text)).toEqual({ ok: true, value: name }));

test.each([
  ['', 'is empty'],
  ['   ', 'is empty'],
  ['x'.repeat(101), 'is too long'],
  ['Ada\nEve', 'holds control characters'],
  ['Ada\u2028Eve', 'holds control characters'],
  ['A\0da', 'holds control characters'],
  ['half \ud83d', 'holds control characters'],
])('%j is not: it %s', (text, problem) => expect(readPersonName(text)).toMatchObject({ ok: false, problem }));
