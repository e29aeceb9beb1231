import type { Stack } from '../stack/stack.js';
import { checkCertificates } from './rules/certificate-cluster-rules.js';
import { checkCluster, type ClusterOptions } from './rules/cluster-rules.js';
import type { Finding } from './findings/finding.js';
import { lintService, type LintContext } from './lint-service.js';
import type { LintedService } from './rules/linted-service.js';
import type { LintedAlert } from './rules/monitor-rules.js';
import { checkRoutes } from './rules/route-rules.js';

export interface LintOptions extends LintContext {
  readonly cluster: ClusterOptions;
}

export interface LintResult {
  /** Not in order yet; see {@link arrangeFindings}. */
  readonly findings: readonly Finding[];
  /** Services that run together. */
  readonly clusters: readonly (readonly LintedService[])[];
}

/** Everything that is wrong with the labels of these stacks; each by itself, or together as in one cluster. */
export function lintStacks(stacks: readonly Stack[], options: LintOptions): LintResult {
  const linted = stacks.map((stack) => lintStack(stack, options));
  const all = linted.map(({ services }) => services);
  const groups = options.cluster.isTogether ? [all.flat()] : all;
  const compared = groups.flatMap((services) => compareServices(services, options));
  return { findings: [...linted.flatMap(({ findings }) => findings), ...compared], clusters: groups };
}

/** Findings in the order of files and lines, without those that a comment switches off. */
export function arrangeFindings(findings: readonly Finding[], stacks: readonly Stack[]): readonly Finding[] {
  const lines = new Map(stacks.flatMap(({ sources }) => [...sources]));
  const shown = findings.filter((finding) => !isIgnored(finding, lines.get(finding.place.file) ?? []));
  return sortFindings(shown, stacks);
}

function lintStack(
  stack: Stack,
  options: LintOptions,
): { readonly findings: readonly Finding[]; readonly services: readonly LintedService[] } {
  const services: LintedService[] = [];
  const findings: Finding[] = stack.problems.map((problem) => ({ ...problem, stack: stack.name }));
  for (const service of stack.services) {
    const { findings: own, linted } = lintService(stack, service, options);
    findings.push(...own.map((finding) => ({ ...finding, stack: stack.name })));
    services.push(linted);
  }
  return { findings, services };
}

function compareServices(services: readonly LintedService[], options: LintOptions): readonly Finding[] {
  const stackOf = new Map(services.map(({ service, stack }) => [service.place.file, stack.name]));
  return [
    ...checkRoutes(services, options.settings),
    ...collidingRules(services),
    ...checkCluster(services, options.settings, options.cluster),
    ...checkCertificates(services, options.settings, options.cluster),
  ].map((finding) => {
    const stack = stackOf.get(finding.place.file);
    return stack === undefined ? finding : { ...finding, stack };
  });
}

/** Alerts of two services that become rules of one name (DF306); told at the later one. */
function collidingRules(services: readonly LintedService[]): readonly Finding[] {
  const first = new Map<string, LintedAlert>();
  return services.flatMap((linted) =>
    linted.alerts.flatMap((alert) => {
      const { rule, view } = alert;
      const other = first.get(rule);
      if (!other) first.set(rule, alert);
      if (!other || other.view === view) return [];
      const label = nameLabel(alert);
      return [
        view.at(label, {
          code: 'DF306',
          severity: 'warning',
          message: `${view.show(label)}: the service ${other.view.service.name} has a rule of the same name, ${rule}`,
          expected: 'another name',
          related: [other.view.related(nameLabel(other), other.view.show(nameLabel(other)))],
        }),
      ];
    }),
  );
}

function nameLabel({ index }: LintedAlert): string {
  return index === undefined ? 'alertName' : `alertName.${index}`;
}

/** A comment on the line or above it that switches the code off. */
function isIgnored({ code, place }: Finding, lines: readonly string[]): boolean {
  const comments = [lines[place.line - 1], lines[place.line - 2]];
  return comments.some((line, i) => {
    const [, codes = ''] = /#\s*dflow-ignore\s+([\w\s,]+)/.exec(line ?? '') ?? [];
    const isOwnLine = i === 0 || /^\s*#/.test(line ?? '');
    return isOwnLine && codes.split(/[\s,]+/).includes(code);
  });
}

function sortFindings(findings: readonly Finding[], stacks: readonly Stack[]): readonly Finding[] {
  const order = new Map(stacks.flatMap(({ files }) => files).map((file, i) => [file, i]));
  const key = ({ place, code }: Finding) =>
    [order.get(place.file) ?? 0, place.line, place.column, code] as const;
  return [...findings].sort((a, b) => {
    const [fileA, lineA, columnA, codeA] = key(a);
    const [fileB, lineB, columnB, codeB] = key(b);
    return (
      fileA - fileB || lineA - lineB || columnA - columnB || (codeA < codeB ? -1 : codeA > codeB ? 1 : 0)
    );
  });
}
