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
  expect(pull.apply(rows('a', 'b', 'c'))).toEqual({ changed: ['c'], removed: [] });
  expect(table.get('a')).toEqual(notified('a'));
  expect(table.get('b')).toBeUndefined();
});

test('a service that left the list is gone, one that was only notified stays', () => {
  const table = createServiceTable();
  table.beginPull('l').apply(rows('a', 'b'));
  table.upsert('manual', notified('manual'));
  expect(table.beginPull('l').apply(rows('b'))).toEqual({ changed: [], removed: ['a'] });
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
  expect(table.beginPull('l').apply(rows('a', 'b'))).toEqual({ changed: ['a', 'b'], removed: [] });
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
