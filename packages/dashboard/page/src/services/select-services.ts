import type { Flag, ServiceRow } from '../../../src/core/view/view.js';

export const FLAGS: readonly (readonly [Flag, string])[] = [
  ['problem', 'problem'],
  ['alerting', 'alerting'],
  ['scaling', 'scaling'],
  ['at-bound', 'at a bound'],
  ['paused', 'paused'],
  ['no-route', 'no route'],
];

/** Columns by which the list can be sorted; larger first, but for names. */
export const SORTS = {
  worst: (row: ServiceRow) => row.badness,
  name: (row: ServiceRow) => row.name,
  tasks: (row: ServiceRow) => row.running ?? row.wanted ?? -1,
  routes: (row: ServiceRow) => row.routes.length,
  requests: (row: ServiceRow) => row.requestsPerSecond ?? -1,
  errors: (row: ServiceRow) => row.errorsPerSecond ?? -1,
  time: (row: ServiceRow) => row.p95Seconds ?? row.meanSeconds ?? -1,
  targets: (row: ServiceRow) => row.targets - row.targetsUp,
  alerts: (row: ServiceRow) => row.firing * 1_000 + row.pending,
  decision: (row: ServiceRow) => row.lastDecision?.lastAtMs ?? -1,
  problems: (row: ServiceRow) => row.problems,
} as const;
export type Sort = keyof typeof SORTS;

export interface Selection {
  readonly search: string;
  readonly flags: readonly string[];
  readonly sort: Sort;
  /** The other way round. */
  readonly isReversed: boolean;
}

export function readSelection(query: Readonly<Record<string, string>>): Selection {
  const { q = '', filter = '', sort = 'worst', order = '' } = query;
  return {
    search: q,
    flags: filter.split(',').filter((flag) => flag !== ''),
    sort: sort in SORTS ? (sort as Sort) : 'worst',
    isReversed: order === 'reversed',
  };
}

/** Services that are looked for, in the order that is asked for. */
export function selectServices(rows: Iterable<ServiceRow>, selection: Selection): readonly ServiceRow[] {
  const { flags, sort, isReversed } = selection;
  const words = selection.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = [...rows].filter(
    (row) =>
      flags.every((flag) => (row.flags as readonly string[]).includes(flag)) &&
      words.every((word) => textOf(row).includes(word)),
  );
  const valueOf: (row: ServiceRow) => string | number = SORTS[sort];
  const direction = (sort === 'name' ? 1 : -1) * (isReversed ? -1 : 1);
  return found.sort((a, b) => direction * compare(valueOf(a), valueOf(b)) || compare(a.name, b.name));
}

/** How many services have each flag. */
export function countFlags(rows: Iterable<ServiceRow>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { flags } of rows) for (const flag of flags) counts.set(flag, (counts.get(flag) ?? 0) + 1);
  return counts;
}

/** By stack, in the order in which the first service of each comes. */
export function groupByStack(
  rows: readonly ServiceRow[],
): readonly { readonly stack: string; readonly rows: readonly ServiceRow[] }[] {
  const groups = new Map<string, ServiceRow[]>();
  for (const row of rows) {
    const group = groups.get(row.stack) ?? [];
    group.push(row);
    groups.set(row.stack, group);
  }
  return [...groups].map(([stack, of]) => ({ stack, rows: of }));
}

/** How many rows have to move, go or come until the order that is shown is the one that is wanted. */
export function countMoves(shown: readonly string[], wanted: readonly string[]): number {
  const places = new Map(wanted.map((name, i) => [name, i]));
  const known = new Set(shown);
  const isNew = wanted.filter((name) => !known.has(name)).length;
  const staying = shown.flatMap((name) => places.get(name) ?? []);
  return isNew + (shown.length - staying.length) + (staying.length - longestRise(staying));
}

/** How many of the numbers may stay so that the others, taken out, leave them in order. */
function longestRise(numbers: readonly number[]): number {
  /** The smallest end of a rise of each length. */
  const ends: number[] = [];
  for (const number of numbers) {
    const at = ends.findIndex((end) => end >= number);
    if (at < 0) ends.push(number);
    else ends[at] = number;
  }
  return ends.length;
}

function textOf({ name, routes }: ServiceRow): string {
  return `${name} ${routes.join(' ')}`.toLowerCase();
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
