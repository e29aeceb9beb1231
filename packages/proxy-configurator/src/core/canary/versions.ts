import type { Chooser } from '@docker-flow/labels';
import { line, ownedBy, type Line, type LookupTable } from '../model/directives.js';
import type { RoutedService } from '../model/routed-service.js';
import type { CanaryService } from './canaries.js';

/** A stable service with its canary. */
export interface Pair {
  readonly stable: RoutedService;
  readonly canary: CanaryService;
  /** Variables are numbered: names of services have signs that theirs cannot have. */
  readonly number: number;
}

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

export function versionIs({ number }: Pick<Pair, 'number'>, version: 'stable' | 'canary'): readonly string[] {
  return ['{', `var(txn.df_version_${number})`, '-m', 'str', version, '}'];
}

export function versionCookie({ stable }: Pick<Pair, 'stable'>): string {
  return `df_version_${stable.service.name}`;
}

/**
 * Chooses the version of each pair: by weight, then whatever counts before it takes its place. A client stays with its
 * version while both get requests: weights 0 and 100 are for everybody.
 */
export function versionLines(pairs: readonly Pair[], weights: string): readonly Line[] {
  return pairs.flatMap((pair) => {
    const { stable, canary, number } = pair;
    const { sticky, header, cookie } = canary.service.canary;
    const weight = `txn.df_weight_${number}`;
    const set = (version: 'stable' | 'canary', ...condition: readonly string[]) =>
      line(
        ...['http-request', `set-var(txn.df_version_${number})`, `str(${version})`],
        ...(condition.length > 0 ? ['if', ...condition] : []),
      );
    const mayStay = ['{', `var(${weight})`, '-m', 'int', '1:99', '}'];
    return ownedBy(canary.service.name, [
      line('http-request', `set-var(${weight})`, `str(${stable.service.name}),map_str_int(${weights},0)`),
      set('stable'),
      set('canary', '{', `rand(100),sub(${weight})`, '-m', 'int', 'lt', '0', '}'),
      ...(sticky
        ? (['stable', 'canary'] as const).map((version) =>
            set(version, ...mayStay, '{', `req.cook(${versionCookie(pair)})`, '-m', 'str', version, '}'),
          )
        : []),
      ...(cookie ? chosenBy(`req.cook(${cookie.name})`, cookie, set) : []),
      ...(header ? chosenBy(`req.fhdr(${header.name})`, header, set) : []),
    ]);
  });
}

function chosenBy(
  fetch: string,
  { value }: Chooser,
  set: (version: 'stable' | 'canary', ...condition: readonly string[]) => Line,
): readonly Line[] {
  if (value !== undefined) return [set('canary', '{', fetch, '-m', 'str', '--', value, '}')];
  return [
    set('canary', '{', fetch, '-i', '-m', 'str', 'always', '}'),
    set('stable', '{', fetch, '-i', '-m', 'str', 'never', '}'),
  ];
}
