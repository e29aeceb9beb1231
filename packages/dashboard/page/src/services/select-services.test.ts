import { expect, test } from '@jest/globals';
import type { ServiceRow } from '../../../src/core/view/view.js';
import { countFlags, countMoves, groupByStack, readSelection, selectServices } from './select-services.js';

function row(name: string, more: Partial<ServiceRow> = {}): ServiceRow {
  const common = { badness: 0, flags: [], routes: [], locked: false, targets: 0, targetsUp: 0 };
  return {
    name,
    stack: name.split('_')[0] ?? '',
    short: name,
    pending: 0,
    firing: 0,
    problems: 0,
    ...common,
    ...more,
  };
}

const rows = [
  row('shop_web', { badness: 700, flags: ['problem'], routes: ['shop.example.com/'] }),
  row('demo_main', { requestsPerSecond: 5 }),
  row('demo_db', { flags: ['no-route'], badness: 100 }),
];
const names = (query: Readonly<Record<string, string>>) =>
  selectServices(rows, readSelection(query)).map(({ name }) => name);

test('the worst come first, then those of smaller names', () => {
  expect(names({})).toEqual(['shop_web', 'demo_db', 'demo_main']);
});

test('a column sorts, and the other way round', () => {
  expect(names({ sort: 'name' })).toEqual(['demo_db', 'demo_main', 'shop_web']);
  expect(names({ sort: 'name', order: 'reversed' })).toEqual(['shop_web', 'demo_main', 'demo_db']);
  expect(names({ sort: 'requests' })[0]).toBe('demo_main');
  expect(names({ sort: 'nothing' })[0]).toBe('shop_web');
});

test('search looks at names and routes, filters at flags', () => {
  expect(names({ q: 'EXAMPLE shop' })).toEqual(['shop_web']);
  expect(names({ filter: 'no-route' })).toEqual(['demo_db']);
  expect(names({ filter: 'no-route,problem' })).toEqual([]);
  expect([...countFlags(rows)]).toEqual([
    ['problem', 1],
    ['no-route', 1],
  ]);
});

test('stacks stand in the order of their first service', () => {
  expect(groupByStack(selectServices(rows, readSelection({}))).map(({ stack }) => stack)).toEqual([
    'shop',
    'demo',
  ]);
});

test.each([
  [['a', 'b'], ['a', 'b'], 0],
  [['a', 'b'], ['b', 'a'], 1],
  [['a', 'b', 'c', 'd'], ['d', 'a', 'b', 'c'], 1],
  [['a', 'b'], ['a', 'c', 'b'], 1],
  [['a', 'b'], ['b'], 1],
])('from %j to %j are %d changes', (shown, wanted, count) => {
  expect(countMoves(shown, wanted)).toBe(count);
});
