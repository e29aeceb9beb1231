import { expect, test } from '@jest/globals';
import { createRemovals } from './removals.js';

const NONE: ReadonlySet<string> = new Set();

test('a removed service is gone when a list that was asked for later does not name it', () => {
  const removals = createRemovals(['one']);
  removals.note('web', false);
  expect(removals.noteList('one', NONE, removals.open())).toEqual(['web']);
  expect(removals.noteList('one', NONE, removals.open())).toEqual([]);
});

test('a list that was asked for before the removal says nothing about it', () => {
  const removals = createRemovals(['one']);
  const before = removals.open();
  removals.note('web', false);
  expect(removals.noteList('one', NONE, before)).toEqual([]);
});

test('every listener has to miss the service', () => {
  const removals = createRemovals(['one', 'two']);
  removals.note('web', false);
  expect(removals.noteList('one', NONE, removals.open())).toEqual([]);
  expect(removals.noteList('one', NONE, removals.open())).toEqual([]);
  expect(removals.noteList('two', NONE, removals.open())).toEqual(['web']);
});

test('a service that is listed, or notified again, is not gone', () => {
  const removals = createRemovals(['one']);
  removals.note('web', false);
  expect(removals.noteList('one', new Set(['web']), removals.open())).toEqual([]);
  expect(removals.noteList('one', NONE, removals.open())).toEqual([]);
  removals.note('db', false);
  removals.note('db', true);
  expect(removals.noteList('one', NONE, removals.open())).toEqual([]);
});

test('without listeners nobody can confirm a removal, and nothing is memoizeByIdentity', () => {
  const removals = createRemovals([]);
  removals.note('web', false);
  expect(removals.open()).toEqual(new Set());
});
