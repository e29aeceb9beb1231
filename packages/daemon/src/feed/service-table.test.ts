import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Parameters } from '@docker-flow/labels';
import { createServiceTable } from './service-table.js';

function rows(...names: string[]): ReadonlyMap<string, Parameters> {
  return new Map(names.map((name) => [name, { serviceName: name, from: 'list' }]));
}
const notified = (name: string): Parameters => ({ serviceName: name, from: 'notification' });

test('what is notified while a list is under way is newer than the list', () => {
  const table = createServiceTable();
  const pull = table.beginPull('l');
  table.upsert('a', notified('a'));
  table.remove('b');
  expect(pull.apply(rows('a', 'b', 'c'))).toMatchObject({ changed: ['c'], removed: [] });
  expect(table.get('a')).toEqual(notified('a'));
  expect(table.get('b')).toBeUndefined();
});

test('a service that left the list is gone, one that was only notified stays', () => {
  const table = createServiceTable();
  table.beginPull('l').apply(rows('a', 'b'));
  table.upsert('manual', notified('manual'));
  expect(table.beginPull('l').apply(rows('b'))).toMatchObject({ changed: [], removed: ['a'] });
  expect(table.list().map(([name]) => name)).toEqual(['b', 'manual']);
});

test('a service stays as long as one listener lists it', () => {
  const table = createServiceTable();
  table.beginPull('l1').apply(rows('a'));
  table.beginPull('l2').apply(rows('a'));
  expect(table.beginPull('l1').apply(rows()).removed).toEqual([]);
  expect(table.beginPull('l2').apply(rows()).removed).toEqual(['a']);
});

test('a lost notification is repaired by the next list', () => {
  const table = createServiceTable();
  table.upsert('a', notified('a'));
  expect(table.beginPull('l').apply(rows('a', 'b'))).toMatchObject({ changed: ['a', 'b'], removed: [] });
});

test('whatever was notified before, a complete list has the last word on what it lists', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const step = fc.record({ kind: fc.constantFrom('upsert', 'remove'), name });
  fc.assert(
    fc.property(fc.array(step), fc.uniqueArray(name), (steps, listed) => {
      const table = createServiceTable();
      for (const { kind, name: service } of steps) {
        if (kind === 'upsert') table.upsert(service, notified(service));
        else table.remove(service);
      }
      table.beginPull('l').apply(rows(...listed));
      for (const service of listed) expect(table.get(service)?.['from']).toBe('list');
    }),
  );
});

test('a removed service is confirmed by a list that was asked for later, once, and by every source', () => {
  const table = createServiceTable({ sources: ['l1', 'l2'] });
  const before = table.beginPull('l1');
  table.remove('a');
  expect(before.apply(rows()).confirmed).toEqual([]);
  expect(table.beginPull('l1').apply(rows()).confirmed).toEqual([]);
  expect(table.beginPull('l1').apply(rows()).confirmed).toEqual([]);
  expect(table.beginPull('l2').apply(rows()).confirmed).toEqual(['a']);
  expect(table.beginPull('l1').apply(rows()).confirmed).toEqual([]);
});

test('a removed service that is listed or notified again is not confirmed', () => {
  const table = createServiceTable({ sources: ['l'] });
  table.remove('a');
  table.beginPull('l').apply(rows('a'));
  table.remove('b');
  table.upsert('b', notified('b'));
  expect(table.beginPull('l').apply(rows()).confirmed).toEqual([]);
});

test('without sources nobody confirms a removal', () => {
  const table = createServiceTable();
  table.remove('a');
  expect(table.beginPull('l').apply(rows()).confirmed).toEqual([]);
});

test('a pull that got no answer goes on until one comes', () => {
  const table = createServiceTable();
  const first = table.beginPull('l');
  table.upsert('a', notified('a'));
  expect(table.beginPull('l')).toBe(first);
  expect(first.apply(rows('a')).changed).toEqual([]);
  const second = table.beginPull('l');
  expect([second === first, second.since]).toEqual([false, 1]);
  second.close();
  expect(table.beginPull('l')).not.toBe(second);
});
