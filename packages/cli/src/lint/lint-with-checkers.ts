import { findChecker } from '../checkers/find-checker.js';
import type { Stack } from '../stack/stack.js';
import type { CheckPromql } from '../checkers/promql.js';
import type { Sources } from './no-promql.js';
import type { Finding } from './findings/finding.js';
import { arrangeFindings, lintStacks, type LintOptions } from './lint-stacks.js';
import type { LintedService } from './rules/linted-service.js';
import type { LintedAlert } from './rules/monitor-rules.js';
import { checkTargets } from './target-findings.js';

/** Where the programs are that check what becomes of labels: a path, `never`, or `undefined` for those on the path. */
export interface CheckerOptions {
  readonly promtool: string | undefined;
  readonly haproxy: string | undefined;
  /** `PATH` */
  readonly searchPath: string;
}

export interface CheckedLint {
  readonly findings: readonly Finding[];
  readonly services: readonly LintedService[];
  /** What could not be looked at, and why. */
  readonly unchecked: readonly { readonly what: string; readonly reason: string }[];
}

/**
 * Everything that is wrong with these stacks, also what only the checkers know.
 *
 * @throws {CannotRunError} when a checker is not where the options say
 */
export async function lintWithCheckers(
  stacks: readonly Stack[],
  options: LintOptions,
  checkers: CheckerOptions,
): Promise<CheckedLint> {
  const [promtool, haproxy] = await Promise.all([
    findChecker('promtool', checkers.promtool, checkers.searchPath),
    findChecker('haproxy', checkers.haproxy, checkers.searchPath),
  ]);
  const { findings, clusters } = lintStacks(stacks, options);
  const services = clusters.flat();
  const alerts = services.flatMap((service) => service.alerts);
  const targets = services.flatMap((service) => service.targets);
  const hasRoutes = services.some(({ routed }) => routed !== undefined);
  const reasonOf = (given: string | undefined) => (given === 'never' ? 'switched off' : 'not found');
  const sources: Sources = new Map(stacks.flatMap((stack) => [...stack.sources]));
  const [ofPromtool, ofTargets, ...ofHaproxy] = await Promise.all([
    alerts.length === 0 ? [] : findingsOfAlerts(promtool, alerts, sources),
    targets.length === 0 ? [] : checkTargets({ promtool, loadPromql: loadGrammar }, targets, sources),
    ...clusters.map((cluster) =>
      haproxy === undefined || !hasRoutes ? [] : findingsOfRoutes(haproxy, cluster, options),
    ),
  ]);
  return {
    findings: arrangeFindings([...findings, ...ofPromtool, ...ofTargets, ...ofHaproxy.flat()], stacks),
    services,
    unchecked: [
      ...(promtool === undefined && alerts.length > 0
        ? [{ what: 'promtool', reason: reasonOf(checkers.promtool) }]
        : []),
      ...(haproxy === undefined && hasRoutes
        ? [{ what: 'haproxy', reason: reasonOf(checkers.haproxy) }]
        : []),
    ],
  };
}

/** Loaded only where there is something to check: the grammar of an editor is large. */
async function findingsOfAlerts(
  promtool: string | undefined,
  alerts: readonly LintedAlert[],
  sources: Sources,
): Promise<readonly Finding[]> {
  const { checkAlerts, checkExpressions } = await import('./alert-findings.js');
  if (promtool !== undefined) return checkAlerts(promtool, alerts, sources);
  return checkExpressions(await loadGrammar(), alerts, sources);
}

async function loadGrammar(): Promise<CheckPromql> {
  const { loadPromql } = await import('../checkers/promql.js');
  return loadPromql();
}

/** Likewise: it is all that writes the configuration of HAProxy. */
async function findingsOfRoutes(
  haproxy: string,
  cluster: readonly LintedService[],
  { settings }: LintOptions,
): Promise<readonly Finding[]> {
  const { findingsOfHaproxy } = await import('./haproxy-findings.js');
  return findingsOfHaproxy(haproxy, cluster, settings.proxy);
}
