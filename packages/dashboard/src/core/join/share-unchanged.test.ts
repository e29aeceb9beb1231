import { expect, test } from '@jest/globals';
import { shareUnchanged } from './share-unchanged.js';

const before = new Map([
  ['same', { count: 1 }],
  ['other', { count: 1 }],
  ['gone', { count: 1 }],
]);

test('what says the same is kept, what is new, gone or different is told', () => {
  const after = new Map([
    ['new', { count: 1 }],
    ['same', { count: 1 }],
    ['other', { count: 2 }],
  ]);
  const { values, changed } = shareUnchanged(before, after);
  expect(changed).toEqual(['new', 'other', 'gone']);
  expect(values).toEqual(after);
  expect(values.get('same')).toBe(before.get('same'));
});

test('at first everything is new', () => {
  expect(shareUnchanged(undefined, before)).toEqual({ values: before, changed: ['same', 'other', 'gone'] });
});
