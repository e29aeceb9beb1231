import type { LookupTable } from '../model/directives.js';
import type { RenderedConfig } from '../text/render.js';

/** A table that gets other entries. */
export type ChangedTable = Pick<LookupTable, 'name' | 'entries'>;

type Lookups = RenderedConfig['lookups'];
type Entries = ChangedTable['entries'];

/** A change that moves routes by more places takes a reload: each place is two more commits of each table. */
const MOST_PLACES = 4;

/**
 * The tables in the order in which they are to be committed, some of them several times. One commit is at once, but a
 * request between two of them looks into a new table and into an old one, and may not therefore go to another service
 * than before and after. So a table of hosts first forgets what goes and learns last what comes, when the table of routes
 * behind it knows it; and routes that move by a place, because one before them comes or goes, move by half a place in
 * each table, then by the other half. `undefined` where that is not enough.
 */
export function tableRounds(before: Lookups, after: Lookups): readonly ChangedTable[] | undefined {
  const changed = [...after].flatMap(([name, { file, entries }]) => {
    const old = before.get(name);
    return old?.file === file ? [] : [{ name, entries, old: old?.entries ?? new Map<string, string>() }];
  });
  const hosts = changed.filter(({ name }) => name.startsWith('hosts-'));
  const routes = changed.filter(({ name }) => !name.startsWith('hosts-'));
  // Who goes is gone before the others move, and who comes comes when they have.
  const goes = backendsIn(before) > backendsIn(after);
  const moves = routes.length > 1 ? halfPlaces(before, after) : [];
  if (!moves) return undefined;
  return [
    ...hosts.flatMap(({ name, entries, old }) => {
      const stay = new Map([...old].filter(([host]) => entries.has(host)));
      return stay.size < old.size ? [{ name, entries: stay }] : [];
    }),
    ...moves.flatMap((places) =>
      routes.map(({ name, entries, old }) => ({ name, entries: moved(goes ? entries : old, places) })),
    ),
    ...routes.map(({ name, entries }) => ({ name, entries })),
    ...hosts.flatMap(({ name, entries, old }) =>
      [...entries.keys()].every((host) => old.has(host)) ? [] : [{ name, entries }],
    ),
  ];
}

/** The places of routes, by their backends, in each round but the last. */
type Places = ReadonlyMap<string, number>;

/** `undefined` where routes change their order, come and go at once, or move too far. */
function halfPlaces(before: Lookups, after: Lookups): readonly Places[] | undefined {
  const [from, to] = [ranksOf(before), ranksOf(after)];
  if (!from || !to) return undefined;
  const stay = [...from].flatMap(([backend, old]) => {
    const next = to.get(backend);
    return next === undefined ? [] : [{ backend, old, by: next - old }];
  });
  // One that comes may also be one that another has hidden, and whose place until now nobody knows.
  if (stay.length < from.size && stay.length < to.size) return undefined;
  const places = Math.max(0, ...stay.map(({ by }) => Math.abs(by)));
  if (places === 0) return [];
  const inOrder = [...stay].sort((a, b) => a.old - b.old);
  const isOrderKept = inOrder.every(
    ({ old, by }, i) => i === 0 || old + by > (inOrder[i - 1]?.old ?? 0) + (inOrder[i - 1]?.by ?? 0),
  );
  if (!isOrderKept || places > MOST_PLACES) return undefined;
  const first = stay.length < from.size ? 0 : 1;
  return Array.from({ length: 2 * places - first }, (_, i) => {
    const most = (i + first) / 2;
    return new Map(
      stay.map(({ backend, old, by }) => [backend, old + Math.sign(by) * Math.min(most, Math.abs(by))]),
    );
  });
}

/** The ranks of routes by their backends; `undefined` where a backend has several. */
function ranksOf(lookups: Lookups): ReadonlyMap<string, number> | undefined {
  const ranks = new Map<string, number>();
  for (const [name, { entries }] of lookups) {
    if (name.startsWith('hosts-')) continue;
    for (const value of entries.values()) {
      const { rank, backend } = parsed(value);
      if ((ranks.get(backend) ?? rank) !== rank) return undefined;
      ranks.set(backend, rank);
    }
  }
  return ranks;
}

function backendsIn(lookups: Lookups): number {
  return ranksOf(lookups)?.size ?? 0;
}

function moved(entries: Entries, places: Places): Entries {
  return new Map(
    [...entries].map(([key, value]) => {
      const { rank, rest, backend } = parsed(value);
      return [key, `${placeText(places.get(backend) ?? rank)}${rest}`];
    }),
  );
}

/** Half a place is a sign that sorts behind the `|` of the whole one. */
function placeText(place: number): string {
  const whole = Math.floor(place);
  return `${String(whole).padStart(6, '0')}${place > whole ? '~' : ''}`;
}

function parsed(value: string): { readonly rank: number; readonly rest: string; readonly backend: string } {
  const rest = value.slice(value.indexOf('|'));
  return { rank: Number.parseInt(value, 10), rest, backend: rest.slice(rest.lastIndexOf('|') + 1) };
}
