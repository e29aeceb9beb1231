import type { Issue } from '@docker-flow/labels';
import { relationIssues } from '../core/canary/canaries.js';
import { shadowIssues } from '../core/frontends/shadowed-routes.js';
import { rememberLast } from '../core/model/remember.js';
import type { RoutedService } from '../core/model/routed-service.js';
import type { Verdicts } from '../core/model/service-version.js';
import type { ServiceEntry } from './service-store.js';

/** What services that are live say and what is not in force, because of themselves or of others; services without any are left out. */
export function warningsOf(
  entries: readonly Pick<ServiceEntry, 'live'>[],
  known?: ReturnType<typeof relationsOf>,
): ReadonlyMap<string, readonly Issue[]> {
  const live = entries.flatMap((entry) => (entry.live ? [entry.live] : []));
  const relations = known ?? issuesBetween(live.map(({ routed }) => routed));
  return new Map(
    live.flatMap(({ routed, warnings }) => {
      const { name } = routed.service;
      const all = [...warnings, ...(relations.get(name) ?? [])];
      return all.length > 0 ? [[name, all] as const] : [];
    }),
  );
}

/** The same of what a run has made live, computed once for all its callers. */
export const relationsOf = rememberLast((verdicts: Verdicts) =>
  issuesBetween([...verdicts.values()].flatMap(({ live }) => (live ? [live.routed] : []))),
);

/** What services ask for and do not get because of each other, by service. */
function issuesBetween(services: readonly RoutedService[]): ReadonlyMap<string, readonly Issue[]> {
  const relations = relationIssues(services);
  const shadows = shadowIssues(services);
  const names = new Set([...relations.keys(), ...shadows.keys()]);
  return new Map(
    [...names].map((name) => [name, [...(relations.get(name) ?? []), ...(shadows.get(name) ?? [])]]),
  );
}
