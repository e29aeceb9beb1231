import { expect, test } from '@jest/globals';
import { readRuleErrors } from './rule-errors.js';

test('rules whose evaluation fails are told by name with the reason', () => {
  const rules = [
    { name: 'fine', health: 'ok', lastError: '' },
    { name: 'bad', health: 'err', lastError: 'found duplicate series' },
    { name: 'new', health: 'unknown' },
  ];
  const body = JSON.stringify({ status: 'success', data: { groups: [{ name: 'alert.rules', rules }] } });
  expect(readRuleErrors(body)).toEqual(new Map([['bad', 'found duplicate series']]));
});

test.each(['', '{}', '[]', '{"data":{"groups":{}}}', 'null'])('%j is no answer', (body) =>
  expect(readRuleErrors(body)).toBeUndefined(),
);
