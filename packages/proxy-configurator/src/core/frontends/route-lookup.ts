import { byText, compareBytes } from '@docker-flow/labels';
import { line, ownedBy, type Line, type LookupTable } from '../model/directives.js';
import { WITHOUT_ROOT_DOT } from '../model/acl.js';
import { rememberLast } from '../model/remember.js';
import { DECISION_PATH } from '../paths/decision-path.js';
import type { Route, RouteKeys } from './routes.js';

/** The rules that choose a backend, and the tables they look into. */
export interface RouteLookup {
  /** `http-request` rules that find the route in the tables; they must run last of all `http-request` rules. */
  readonly find: readonly Line[];
  /** `use_backend` rules in order. */
  readonly choose: readonly Line[];
  readonly tables: readonly LookupTable[];
}

/** Paths or hosts with the rank of the first route that has them. */
type Ranks = Map<string, number>;

/** Above this many entries domain prefixes of domain prefixes are tried one by one instead of being tabulated. */
const MAX_ENTRIES = 50_000;

/**
 * Finds the first matching route of a thousand as fast as of ten. Routes are ranked by their order. What
 * depends on path, host and entry port only goes into tables: there, each key holds the best rank of all
 * routes whose key is a prefix of it, so that the longest match, which HAProxy finds in one step, names the
 * first route and not the most specific one. Everything else stays a rule with acls, which is taken only if
 * the tables found nothing of better rank.
 *
 * @param tablePath names the file of a table
 */
export function buildRouteLookup(
  routes: readonly Route[],
  tablePath: (table: LookupTable) => string,
): RouteLookup {
  const tabulated = tabulate(routes);
  const tables: LookupTable[] = [];
  const add = (name: string, entries: ReadonlyMap<string, string>) => {
    const table: LookupTable = { name, entries };
    tables.push(table);
    return tablePath(table);
  };
  const find: Line[] = [];
  const variables: string[] = [];
  const divided = dividedBackends(routes, tabulated);
  for (const { signature, ranks, hosts } of tabulated) {
    if (signature.hosts) {
      const file = add(
        `hosts-${signature.name}`,
        new Map([...hosts].sort(compareBytes).map((host) => [host, host])),
      );
      const dot = signature.hosts === 'exact' ? `${WITHOUT_ROOT_DOT},` : '';
      const host = `req.hdr(host),lower,${dot}${matcher(signature.hosts)}(${file})`;
      find.push(setVariable(hostVariable(signature), host));
    }
    const entries = [...ranks].sort(byText(([key]) => key)).flatMap(([key, rank]) => {
      const route = routes[rank];
      return route ? [[key, valueOf(rank, route, divided)] as const] : [];
    });
    const file = add(`routes-${signature.name}`, new Map(entries));
    const variable = `df_route_${variables.length + 1}`;
    variables.push(variable);
    find.push(setVariable(variable, `${keyOf(signature)},${matcher(signature.paths)}(${file})`));
  }
  find.push(...keepBest(variables));
  return { find, choose: chooseBackend(routes, tabulated, divided), tables };
}

function setVariable(name: string, expression: string): Line {
  return line('http-request', `set-var(txn.${name})`, expression);
}

function matcher(kind: 'prefix' | 'exact'): string {
  return kind === 'prefix' ? 'map_beg' : 'map_str';
}

/** Leaves the value with the best rank in the first variable. */
function keepBest([first, ...others]: readonly string[]): readonly Line[] {
  if (first === undefined) return [];
  return others.map((other) =>
    line(
      ...['http-request', `set-var(txn.${first})`, `var(txn.${other})`, 'if'],
      ...['{', `var(txn.${other})`, '-m', 'found', '}', '!{', `var(txn.${first})`, '-m', 'found', '}'],
      ...['||', '{', `var(txn.${other}),strcmp(txn.${first})`, 'lt', '0', '}'],
    ),
  );
}

/**
 * The best value of the tables: rank, the number of who divides its requests between two versions, backend. The longest
 * stands last: `field` looks at each sign up to the end of what it answers.
 */
const FOUND = 'var(txn.df_route_1)';
const RANK = `${FOUND},field(1,|)`;
const DIVIDED = `${FOUND},field(2,|)`;
const BACKEND = `${FOUND},field(3,|)`;
const UNDIVIDED = 0;

function valueOf(rank: number, { backend }: Pick<Route, 'backend'>, divided: Divided): string {
  return [padded(rank), String(divided.get(backend)?.number ?? UNDIVIDED), backend].join('|');
}

/** Ranks have six digits, so that comparing them as text is comparing them. */
function padded(rank: number): string {
  return String(rank).padStart(6, '0');
}

/** Backends of routes in tables whose requests are divided between two versions, numbered from 1. */
type Divided = ReadonlyMap<string, { readonly number: number; readonly rules: Rules }>;
type Rules = NonNullable<Route['canary']>['rules'];

function dividedBackends(routes: readonly Route[], tabulated: readonly Tabulated[]): Divided {
  const found = new Map<string, { readonly number: number; readonly rules: Rules }>();
  const ranks = tabulated.flatMap(({ routes: own }) => [...own]).sort((a, b) => a - b);
  for (const rank of ranks) {
    const { backend = '', canary } = routes[rank] ?? {};
    if (canary && !found.has(backend)) found.set(backend, { number: found.size + 1, rules: canary.rules });
  }
  return found;
}

function chooseBackend(
  routes: readonly Route[],
  tabulated: readonly Tabulated[],
  divided: Divided,
): readonly Line[] {
  const ranked = tabulated.flatMap(({ routes: own }) => [...own]);
  const best = Math.min(...ranked);
  const inTables = new Set(ranked);
  const lines: Line[] = [];
  routes.forEach(({ owner, backend, conditions, canary }, rank) => {
    if (inTables.has(rank)) return;
    const guard = best < rank ? ['!{', RANK, '-m', 'int', 'lt', String(rank), '}'] : [];
    const own = [...conditions(), ...guard];
    lines.push(
      ...(canary?.rules(own) ?? []),
      ...ownedBy(owner, [line('use_backend', backend, 'if', ...own)]),
    );
  });
  if (ranked.length === 0) return lines;
  lines.push(line('use_backend', `%[${BACKEND}]`, 'if', '{', DIVIDED, '-m', 'int', String(UNDIVIDED), '}'));
  if (divided.size === 0) return lines;
  // Requests to services without a canary have gone.
  for (const { number, rules } of divided.values())
    lines.push(...rules(['{', DIVIDED, '-m', 'int', String(number), '}']));
  lines.push(line('use_backend', `%[${BACKEND}]`, 'if', '{', FOUND, '-m', 'found', '}'));
  return lines;
}

/** Which parts of a request make the key of a table. */
interface Signature {
  readonly name: string;
  readonly paths: 'prefix' | 'exact';
  readonly hosts: 'prefix' | 'exact' | undefined;
  readonly port: boolean;
}

function hostVariable({ name }: Signature): string {
  return `df_host_${name.replaceAll('-', '_')}`;
}

/** The fetch that makes the key: port, host as the table of hosts knows it, and path for decisions, as far as they matter. */
function keyOf(signature: Signature): string {
  const host = signature.hosts ? `txn.${hostVariable(signature)}` : undefined;
  if (signature.port) {
    return ['dst_port', ...(host ? [`concat(:,${host})`] : []), `concat(,${DECISION_PATH})`].join(',');
  }
  return host ? `var(${host}),concat(,${DECISION_PATH})` : `var(${DECISION_PATH})`;
}

interface Tabulated {
  readonly signature: Signature;
  readonly ranks: Ranks;
  /** Ranks of the routes that are in the table. */
  readonly routes: ReadonlySet<number>;
  readonly hosts: ReadonlySet<string>;
}

type Member = readonly [rank: number, keys: RouteKeys];

const signatureOf = rememberLast(({ paths, hosts, port }: RouteKeys): Signature => {
  const parts = [port === undefined ? '' : 'port', hosts ? `host-${hosts.kind}` : '', `path-${paths.kind}`];
  return {
    name: parts.filter(Boolean).join('-'),
    paths: paths.kind,
    hosts: hosts?.kind,
    port: port !== undefined,
  };
});

function tabulate(routes: readonly Route[]): readonly Tabulated[] {
  const groups = new Map<string, { signature: Signature; members: Member[] }>();
  routes.forEach(({ keys }, rank) => {
    if (!keys) return;
    const signature = signatureOf(keys);
    const group = getOrCreate(groups, signature.name, () => ({ signature, members: [] as Member[] }));
    group.members.push([rank, keys]);
  });
  return [...groups.values()]
    .sort(byText(({ signature }) => signature.name))
    .flatMap(({ signature, members }) => tabulateGroup(signature, members));
}

/** Nothing when the table would become too large; its routes are then tried one by one. */
function tabulateGroup(signature: Signature, members: readonly Member[]): readonly Tabulated[] {
  const own = collectOwn(members);
  const hosts = new Set([...own.values()].flatMap((byHost) => [...byHost.keys()]));
  const ranks: Ranks = new Map();
  for (const [port, byHost] of own) {
    for (const host of hosts) {
      const all: Ranks = new Map();
      for (const broader of signature.hosts === 'prefix' ? prefixesIn(hosts, host) : [host]) {
        for (const [path, rank] of byHost.get(broader) ?? []) {
          all.set(path, Math.min(rank, all.get(path) ?? rank));
        }
      }
      const start = signature.port ? (signature.hosts ? `${port}:${host}` : port) : host;
      const bestOf = signature.paths === 'prefix' && all.size > 1 ? bestAmongPrefixes(all) : undefined;
      for (const [path, rank] of all) ranks.set(start + path, bestOf ? bestOf(path, rank) : rank);
      if (ranks.size > MAX_ENTRIES) return [];
    }
  }
  return [{ signature, ranks, routes: new Set(members.map(([rank]) => rank)), hosts }];
}

/** Paths with their first rank, by entry port and host as written; the empty text stands for "any". */
function collectOwn(members: readonly Member[]): ReadonlyMap<string, ReadonlyMap<string, Ranks>> {
  const own = new Map<string, Map<string, Ranks>>();
  for (const [rank, { paths, hosts, port }] of members) {
    const byHost = getOrCreate(own, port === undefined ? '' : String(port), () => new Map<string, Ranks>());
    for (const host of hosts?.values ?? ['']) {
      const ranks = getOrCreate(byHost, host, () => new Map<string, number>());
      for (const path of paths.values) if (!ranks.has(path)) ranks.set(path, rank);
    }
  }
  return own;
}

function getOrCreate<V>(map: Map<string, V>, key: string, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

/** The best rank of what a path begins with; only beginnings as long as one that is there are looked up. */
function bestAmongPrefixes(ranks: ReadonlyMap<string, number>): (path: string, own: number) => number {
  const lengths = [...new Set([...ranks.keys()].map(({ length }) => length))].sort((a, b) => a - b);
  return (path, own) => {
    let best = own;
    for (const length of lengths) {
      if (length >= path.length) break;
      best = Math.min(best, ranks.get(path.slice(0, length)) ?? best);
    }
    return best;
  };
}

/** The members of a set that a text begins with, itself included. */
function prefixesIn(set: ReadonlySet<string>, text: string): readonly string[] {
  const found: string[] = [];
  for (let length = 0; length <= text.length; length += 1) {
    const prefix = text.slice(0, length);
    if (set.has(prefix)) found.push(prefix);
  }
  return found;
}
