import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Line } from '../model/directives.js';
import { buildRouteLookup } from './route-lookup.js';
import type { Route, RouteKeys } from './routes.js';

const tablePath = ({ name }: { readonly name: string }) => `/tables/${name}`;

function route(backend: string, keys: RouteKeys | undefined): Route {
  return { owner: backend, backend, conditions: () => [`url_${backend}`], keys };
}

function prefix(...values: readonly string[]): RouteKeys['paths'] {
  return { kind: 'prefix', values };
}

function text(lines: readonly Line[]): readonly string[] {
  return lines.map((one) => (one.kind === 'words' ? one.words.join(' ') : ''));
}

/** What HAProxy finds: the value of the longest key that the text begins with, or of the equal one. */
function find(table: ReadonlyMap<string, string>, key: string, kind: 'prefix' | 'exact'): string | undefined {
  if (kind === 'exact') return table.get(key);
  const found = [...table.keys()].filter((one) => key.startsWith(one));
  return table.get(found.sort((a, b) => b.length - a.length)[0] ?? '?');
}

test('the longest match names the first route in order and not the most specific one', () => {
  const { tables } = buildRouteLookup(
    [route('aa', { paths: prefix('/api') }), route('bb', { paths: prefix('/api/v2', '/b') })],
    tablePath,
  );
  expect(Object.fromEntries(tables[0]?.entries ?? [])).toEqual({
    '/api': '000000|0|aa',
    '/api/v2': '000000|0|aa',
    '/b': '000001|0|bb',
  });
});

test('a table finds the same route as trying one after the other', () => {
  const paths = fc.constantFrom('/', '/a', '/ab', '/a/b', '/a/b/c', '/b');
  const hosts = fc.constantFrom('a.test', 'a.te', 'b.test', 'a.test:80');
  const kind = fc.constantFrom('prefix' as const, 'exact' as const);
  const some = (one: fc.Arbitrary<string>) => fc.uniqueArray(one, { minLength: 1, maxLength: 3 });
  const keys = fc.record({ paths: some(paths), hosts: some(hosts) });
  const request = fc.record({ path: paths, host: hosts });
  fc.assert(
    fc.property(
      fc.array(keys, { minLength: 1, maxLength: 8 }),
      kind,
      kind,
      fc.array(request),
      (all, pathKind, hostKind, requests) => {
        const routes = all.map((one, i) =>
          route(`b${i}`, {
            paths: { kind: pathKind, values: one.paths },
            hosts: { kind: hostKind, values: one.hosts },
          }),
        );
        const { tables } = buildRouteLookup(routes, tablePath);
        const [hostTable, routeTable] = tables.map(({ entries }) => entries);
        const holds = (is: 'prefix' | 'exact', given: string, value: string) =>
          is === 'prefix' ? given.startsWith(value) : given === value;
        for (const { path, host } of requests) {
          const expected = all.findIndex(
            (one) =>
              one.paths.some((value) => holds(pathKind, path, value)) &&
              one.hosts.some((value) => holds(hostKind, host, value)),
          );
          const known = find(hostTable ?? new Map(), host, hostKind);
          const found =
            known === undefined ? undefined : find(routeTable ?? new Map(), known + path, pathKind);
          expect(found?.split('|')[2]).toBe(expected < 0 ? undefined : `b${expected}`);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a route that no table can tell is tried, before worse ones of the tables and not before better ones', () => {
  const { choose } = buildRouteLookup(
    [
      route('tried-first', undefined),
      route('table', { paths: prefix('/t') }),
      route('tried-last', undefined),
    ],
    tablePath,
  );
  expect(text(choose)).toEqual([
    'use_backend tried-first if url_tried-first',
    'use_backend tried-last if url_tried-last !{ var(txn.df_route_1),field(1,|) -m int lt 2 }',
    'use_backend %[var(txn.df_route_1),field(3,|)] if { var(txn.df_route_1),field(2,|) -m int 0 }',
  ]);
});

test('versions are chosen behind the rule of all routes that have one only', () => {
  const canary = {
    rules: (own: readonly string[]): readonly Line[] => [{ kind: 'words', words: ['divide', ...own] }],
  };
  const { choose, tables } = buildRouteLookup(
    [
      { ...route('tried', undefined), canary },
      { ...route('two', { paths: prefix('/two') }), canary },
      route('one', { paths: prefix('/one') }),
    ],
    tablePath,
  );
  expect(text(choose)).toEqual([
    'divide url_tried',
    'use_backend tried if url_tried',
    'use_backend %[var(txn.df_route_1),field(3,|)] if { var(txn.df_route_1),field(2,|) -m int 0 }',
    'divide { var(txn.df_route_1),field(2,|) -m int 1 }',
    'use_backend %[var(txn.df_route_1),field(3,|)] if { var(txn.df_route_1) -m found }',
  ]);
  expect(Object.fromEntries(tables[0]?.entries ?? [])).toEqual({
    '/two': '000001|1|two',
    '/one': '000002|0|one',
  });
});

test('without routes there is nothing to look up', () => {
  expect(buildRouteLookup([], tablePath)).toEqual({ find: [], choose: [], tables: [] });
});

test('a table that would become too large is not made; its routes are tried', () => {
  const hosts = { kind: 'prefix', values: Array.from({ length: 300 }, (_, i) => 'a'.repeat(i + 1)) } as const;
  const routes = Array.from({ length: 300 }, (_, i) => route(`b${i}`, { paths: prefix(`/${i}`), hosts }));
  const { tables, choose } = buildRouteLookup(routes, tablePath);
  expect([tables.length, choose.length]).toEqual([0, 300]);
});
