import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildRouteLookup } from '../frontends/route-lookup.js';
import type { Route, RouteKeys } from '../frontends/routes.js';
import type { RenderedConfig } from '../text/render.js';
import { tableRounds } from './table-rounds.js';

type Lookups = RenderedConfig['lookups'];

function lookupsOf(routes: readonly Route[]): Lookups {
  const { tables } = buildRouteLookup(routes, ({ name }) => name);
  return new Map(
    tables.map(({ name, entries }) => [name, { file: JSON.stringify([...entries]), entries }] as const),
  );
}

function route(backend: string, path: string, host?: string): Route {
  const keys: RouteKeys = {
    paths: { kind: 'prefix', values: [path] },
    ...(host === undefined ? {} : { hosts: { kind: 'prefix', values: [host] } }),
  };
  return { owner: backend, backend, conditions: () => [], keys };
}

/** What HAProxy finds in a table: the value of the longest key that the text begins with. */
function longest(entries: ReadonlyMap<string, string> | undefined, text: string): string | undefined {
  const keys = [...(entries?.keys() ?? [])].filter((key) => text.startsWith(key));
  return entries?.get(keys.sort((a, b) => b.length - a.length)[0] ?? '?');
}

/** The backend of a request: the least of what the tables say, compared as text. */
function backendOf(tables: Lookups, { path, host }: { readonly path: string; readonly host: string }) {
  const entries = (name: string) => tables.get(name)?.entries;
  const known = longest(entries('hosts-host-prefix-path-prefix'), host);
  const found = [
    known === undefined ? undefined : longest(entries('routes-host-prefix-path-prefix'), known + path),
    longest(entries('routes-path-prefix'), path),
  ].filter((value) => value !== undefined);
  return found.sort((a, b) => (a < b ? -1 : 1))[0]?.split('|')[2];
}

/** The tables after each commit. */
function states(before: Lookups, after: Lookups): readonly Lookups[] {
  const all: Lookups[] = [before];
  for (const { name, entries } of tableRounds(before, after) ?? [])
    all.push(new Map([...(all.at(-1) ?? before), [name, { file: '', entries }]]));
  return all;
}

const PATHS = ['/', '/a', '/a/b', '/b'];
const HOSTS = ['a.test', 'a.test.au', 'b.test'];
const REQUESTS = PATHS.flatMap((path) => [...HOSTS, 'c.test'].map((host) => ({ path, host })));

const some = fc.array(
  fc.record({
    path: fc.constantFrom(...PATHS),
    host: fc.option(fc.constantFrom(...HOSTS), { nil: undefined }),
  }),
  { minLength: 2, maxLength: 8 },
);

describe('between two commits', () => {
  test('a request that a change means nothing to goes where it went, whatever comes or goes', () => {
    fc.assert(
      fc.property(
        some,
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        fc.boolean(),
        (all, stays, comes) => {
          const routes = all.map(({ path, host }, i) => route(`b${i}`, path, host));
          const less = routes.filter((_, i) => stays[i]);
          const [before, after] = (comes ? [less, routes] : [routes, less]).map(lookupsOf) as [
            Lookups,
            Lookups,
          ];
          const staying = new Set<string | undefined>([undefined, ...less.map(({ backend }) => backend)]);
          fc.pre(before.size === after.size && tableRounds(before, after) !== undefined);
          for (const request of REQUESTS) {
            const [was, is] = [backendOf(before, request), backendOf(after, request)];
            const seen = states(before, after).map((state) => backendOf(state, request));
            // Who comes or goes may take a request that the change is about, and nobody else.
            const isOther = (one?: string) => one !== was && one !== is && staying.has(one);
            expect(was === is ? seen.filter((one) => one !== is) : seen.filter(isOther)).toEqual([]);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('two routes that stand beside each other in two tables do not swap', () => {
    const [two, three] = [route('two', '/', 'a.test'), route('three', '/a')];
    const stay = [route('x', '/x', 'b.test'), two, three];
    const all = states(lookupsOf(stay), lookupsOf([route('one', '/one'), ...stay]));
    expect(all.length).toBe(5);
    expect(all.map((state) => backendOf(state, { path: '/a', host: 'a.test' }))).toEqual(
      all.map(() => 'two'),
    );
  });
});

describe('what needs a reload', () => {
  const stay = [route('x', '/x', 'b.test'), route('y', '/y')];
  const others = (count: number, path: string) =>
    Array.from({ length: count }, (_, i) => route(`${path}${i}`, `/${path}${i}`));

  test.each([
    ['routes that come while others go', [...others(1, 'old'), ...stay], [...others(2, 'new'), ...stay]],
    ['routes that move far', stay, [...others(5, 'new'), ...stay]],
    ['routes that change their order', stay, [...stay].reverse()],
  ])('%s', (_what, before, after) => {
    expect(tableRounds(lookupsOf(before), lookupsOf(after))).toBeUndefined();
  });

  test('nothing of that, where one table alone changes', () => {
    const [before, after] = [stay.slice(1), [...others(9, 'new'), ...stay.slice(1)]].map(lookupsOf) as [
      Lookups,
      Lookups,
    ];
    expect(tableRounds(before, after)).toHaveLength(1);
  });
});
