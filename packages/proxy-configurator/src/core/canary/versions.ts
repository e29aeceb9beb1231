import type { Chooser } from '@docker-flow/labels';
import { line, ownedBy, type Line, type LookupTable } from '../model/directives.js';
import type { RoutedService } from '../model/routed-service.js';
import type { CanaryService } from './canaries.js';

/** A stable service with its canary. */
export interface Pair {
  readonly stable: RoutedService;
  readonly canary: CanaryService;
}

export type Version = 'stable' | 'canary';

const VERSION = 'txn.df_version';
const WEIGHT = 'txn.df_weight';
/** What the client has in the cookie by which it stays. */
export const COOKIE = 'txn.df_version_cookie';

/** The table of weights. It changes while HAProxy runs, and keeps its file. */
export function weightTable(pairs: readonly Pair[]): LookupTable {
  return {
    name: 'canary-weights',
    isLive: true,
    entries: new Map(
      pairs.map(({ stable, canary }) => [stable.service.name, String(canary.service.canary.weight)]),
    ),
  };
}

/** That the canary was not chosen for a request. It may have been, and have no server that is up. */
export const CANARY_NOT_CHOSEN: readonly string[] = ['!{', `var(${VERSION})`, '-m', 'found', '}'];

export function versionCookie({ stable }: Pick<Pair, 'stable'>): string {
  return `df_version_${stable.service.name}`;
}

export interface VersionChoice {
  readonly pair: Pair;
  /** The backend of each version. */
  readonly backends: Readonly<Record<Version, string>>;
  /** Name of the acl that a server of the canary is up. */
  readonly isUp: string;
  /** File of the table of weights. */
  readonly weights: string;
}

/**
 * The rules that send requests which fulfil `own` to the canary, or end with the stable version: the first that applies
 * counts. Who comes through all of them belongs to the stable version, whose usual rule has to follow. A client stays with
 * its version while both get requests: weights 0 and 100 are for everybody. What the canary should have while none of its
 * servers is up goes to the stable version; no cookie then says that this is for good.
 *
 * They are `use_backend` rules, which end with the first that holds, so that requests to services without a canary never
 * come to them. Each begins with `own`, which therefore should cost little.
 */
export function versionRules(choice: VersionChoice, own: readonly string[]): readonly Line[] {
  const { pair, backends, isUp, weights } = choice;
  const { header, cookie, sticky } = pair.canary.service.canary;
  const weight = `str(${pair.stable.service.name}),map_str_int(${weights},0)`;
  const mayStay = ['{', weight, '-m', 'int', '1:99', '}'];
  const choose: Choose = (version, ...condition) =>
    line(
      ...['use_backend', backends[version], 'if', ...own, ...condition],
      ...(version === 'canary' ? ['{', `str(canary),set-var(${VERSION})`, '-m', 'found', '}', isUp] : []),
    );
  return ownedBy(pair.canary.service.name, [
    ...(header ? chosenBy(`req.fhdr(${header.name})`, header, choose) : []),
    ...(cookie ? chosenBy(`req.cook(${cookie.name})`, cookie, choose) : []),
    ...(sticky
      ? [
          choose('canary', ...has(`${cookieOf(pair)},set-var(${COOKIE})`, 'canary'), ...mayStay),
          choose('stable', ...has(`var(${COOKIE})`, 'stable'), ...mayStay),
        ]
      : []),
    choose(
      'canary',
      ...['{', `${weight},set-var(${WEIGHT})`, '-m', 'found', '}'],
      ...['{', `rand(100),sub(${WEIGHT})`, '-m', 'int', 'lt', '0', '}'],
    ),
  ]);
}

/** The fetch of the cookie by which a client stays. */
export function cookieOf(pair: Pair): string {
  return `req.cook(${versionCookie(pair)})`;
}

type Choose = (version: Version, ...condition: readonly string[]) => Line;

/** Who says both `always` and `never` gets the stable version. */
function chosenBy(fetch: string, { value }: Chooser, choose: Choose): readonly Line[] {
  if (value !== undefined) return [choose('canary', '{', fetch, '-m', 'str', '--', value, '}')];
  return [
    choose('stable', '{', fetch, '-i', '-m', 'str', 'never', '}'),
    choose('canary', '{', fetch, '-i', '-m', 'str', 'always', '}'),
  ];
}

function has(fetch: string, version: Version): readonly string[] {
  return ['{', fetch, '-m', 'str', version, '}'];
}
