import type { Issue } from '@docker-flow/labels';
import { relationIssues } from '../core/canary/canaries.js';
import { entryPortIssues } from '../core/entry-ports/entry-port-issues.js';
import { passedNameIssues } from '../core/entry-ports/passed-names.js';
import { shadowIssues } from '../core/frontends/shadowed-routes.js';
import { rememberLast } from '../core/model/remember.js';
import type { Rejection, ServiceVersion, Verdicts } from '../core/model/service-version.js';
import type { Settings } from '../core/model/settings.js';

/** What became of a service. */
interface Outcome {
  readonly name: string;
  readonly live: ServiceVersion | undefined;
  readonly rejection: Rejection | undefined;
}

/** What of the operator's settings makes services lose something to each other. */
export type RelationSettings = Pick<Settings, 'defaultPorts' | 'bindPorts'> & {
  readonly labels: Pick<Settings['labels'], 'domainAlgo'>;
};

/**
 * What services that are live say and what is not in force, because of themselves or of others; services without any are
 * left out.
 *
 * @param known what is in force between them, where a run has found it
 */
export function warningsOf(
  outcomes: readonly Outcome[],
  settings: RelationSettings,
  known?: ReturnType<typeof relationsOf>,
): ReadonlyMap<string, readonly Issue[]> {
  const between = known ?? issuesBetween(outcomes, settings);
  return new Map(
    outcomes.flatMap(({ name, live }) => {
      const all = live ? [...live.warnings, ...(between.get(name) ?? [])] : [];
      return all.length > 0 ? [[name, all] as const] : [];
    }),
  );
}

/** The same of what a run has made live, computed once for all its callers. */
export const relationsOf = rememberLast((verdicts: Verdicts, settings: RelationSettings) =>
  issuesBetween(
    [...verdicts].map(([name, { live, rejection }]) => ({ name, live, rejection })),
    settings,
  ),
);

/** What services ask for and do not get because of each other, and what they take from others; by service. */
function issuesBetween(
  outcomes: readonly Outcome[],
  settings: RelationSettings,
): ReadonlyMap<string, readonly Issue[]> {
  const services = outcomes.flatMap(({ live }) => (live ? [live.routed] : []));
  const all = [
    ...[...relationIssues(services).values()].flat(),
    ...[...shadowIssues(services, { defaultAlgo: settings.labels.domainAlgo }).values()].flat(),
    ...entryPortIssues(services, settings),
    ...passedNameIssues(services, settings),
    ...takenPortIssues(outcomes),
  ];
  const byService = new Map<string, Issue[]>();
  for (const issue of all) {
    const own = byService.get(issue.service);
    if (own) own.push(issue);
    else byService.set(issue.service, [issue]);
  }
  return byService;
}

/** Who has an entry port hears of those that are rejected because of it; these hear it as their rejection. */
function takenPortIssues(outcomes: readonly Outcome[]): readonly Issue[] {
  return outcomes.flatMap(({ name, rejection }): readonly Issue[] => {
    const taken = rejection?.taken;
    if (!taken) return [];
    return [
      {
        service: taken.by,
        label: 'srcPort',
        value: String(taken.port),
        problem: `takes the port from ${name}, because of the order of services`,
        expected: 'another port for one of the two, or an aclName that sorts behind',
        kind: 'no-effect',
      },
    ];
  });
}
