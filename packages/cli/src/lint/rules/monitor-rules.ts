import {
  canonicalMonitorParameters,
  editDistance,
  parseLabelKey,
  parseMonitorLabels,
  readPrometheusDuration,
  splitList,
  type Issue,
} from '@docker-flow/labels';
import { expandCondition } from '@docker-flow/monitor/core/shortcuts/expand-condition';
import type { Shortcuts } from '@docker-flow/monitor/core/shortcuts/shortcut';
import { formatAlertName } from '@docker-flow/monitor/core/services/alert';
import { withOwnService } from '@docker-flow/monitor/core/services/own-service-label';
import type { Finding } from '../findings/finding.js';
import type { LabelView } from '../written/label-view.js';
import type { LintSettings } from './settings.js';

/** An alert that would be installed. */
export interface LintedAlert {
  readonly view: LabelView;
  readonly index: number | undefined;
  readonly name: string;
  readonly rule: string;
  /** As the label says it. */
  readonly condition: string;
  readonly expression: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const LARGEST_DISTANCE = 2;
const DROPPED = { code: 'DF307', severity: 'error' } as const;

/** What the monitor would say of one service, and its alerts. */
export function checkMonitorLabels(
  view: LabelView,
  {
    shortcuts,
    scrapeTargetLabels,
    scrapeIntervalMs,
    mayScaleOthers,
  }: Pick<LintSettings, 'shortcuts' | 'scrapeTargetLabels' | 'scrapeIntervalMs' | 'mayScaleOthers'>,
): { readonly findings: readonly Finding[]; readonly alerts: readonly LintedAlert[] } {
  const parameters = canonicalMonitorParameters(
    Object.entries({ ...view.parameters, serviceName: view.fullName, replicas: '1' }),
  );
  const labels = parseMonitorLabels(parameters, { targetLabels: scrapeTargetLabels });
  const findings = [
    ...oncePerAlert(labels.warnings).map((issue) => fromIssue(view, issue)),
    ...timeoutBeyondInterval(view, scrapeIntervalMs),
  ];
  const alerts: LintedAlert[] = [];
  for (const alert of labels.alerts) {
    const problems = alert.problems.map((issue) => fromIssue(view, issue));
    findings.push(...problems);
    if (problems.length > 0) continue;
    const ownLabel = (name: string) => (alert.index === undefined ? name : `${name}.${alert.index}`);
    const rule = formatAlertName(view.fullName, alert.name);
    const condition = ownLabel('alertIf');
    const shortcutProblem = checkShortcuts(view, condition, alert.condition, shortcuts);
    if (shortcutProblem) {
      findings.push(shortcutProblem);
      continue;
    }
    const expansion = expandCondition(
      { ...alert, service: view.fullName, alertName: alert.name, formattedName: rule, replicas: 1 },
      shortcuts,
    );
    if (!expansion.ok) {
      findings.push(
        view.at(condition, {
          code: 'DF304',
          severity: 'error',
          message: `${view.show(condition)}: ${expansion.reason}`,
        }),
      );
      continue;
    }
    if (expansion.unusedValues)
      findings.push(
        view.at(condition, {
          code: 'DF308',
          severity: 'warning',
          message: `${view.show(condition)}: the shortcut does not use ${expansion.unusedValues.join(', ')}`,
          expected: 'as many values as the shortcut takes',
        }),
      );
    if (
      alert.condition.startsWith('@') &&
      readsOwnMetrics(expansion.expression, view.fullName) &&
      !view.has('scrapePort')
    )
      findings.push(
        view.at(condition, {
          code: 'DF309',
          severity: 'warning',
          message: `${view.show(condition)} reads metrics of the service itself, which is not scraped: the alert never fires`,
          expected: 'scrapePort',
        }),
      );
    const metricLabels = { ...expansion.labels, ...alert.labels };
    const own = withOwnService({
      service: view.fullName,
      label: ownLabel('alertLabels'),
      expression: expansion.expression,
      labels: metricLabels,
    });
    if (own.issue && !mayScaleOthers && !isProbablyOwn(view, metricLabels['service']))
      findings.push({ ...fromIssue(view, own.issue), ...DROPPED });
    alerts.push({
      view,
      index: alert.index,
      name: alert.name,
      rule,
      condition: alert.condition,
      expression: expansion.expression,
      for: alert.for,
      labels: metricLabels,
      annotations: { ...expansion.annotations, ...alert.annotations },
    });
  }
  return { findings: [...findings, ...replacedAlerts(view, alerts)], alerts };
}

/** Of an alert that is not there the first label is told, whatever else belongs to it. */
function oncePerAlert(issues: readonly Issue[]): readonly Issue[] {
  const told = new Set<number | undefined>();
  return issues.filter(({ kind, label }) => {
    if (kind !== 'incomplete') return true;
    const { index } = parseLabelKey(label);
    return !told.has(index) && told.add(index);
  });
}

/** The same service under another name of its stack: how a file is deployed is not in the file. */
function isProbablyOwn({ service }: LabelView, named = ''): boolean {
  return named === service.name || named.endsWith(`_${service.name}`);
}

function fromIssue(view: LabelView, issue: Issue): Finding {
  const { label, problem, expected } = issue;
  return view.at(label, {
    code: codeOf(issue),
    severity: issue.kind === 'no-effect' ? 'warning' : 'error',
    message: `${view.show(label)} ${problem}`,
    expected,
  });
}

function codeOf({ kind, label }: Issue): string {
  if (kind === 'incomplete') return 'DF301';
  if (kind === 'no-effect') return 'DF104';
  const { name } = parseLabelKey(label);
  if (name === 'alertFor' || name === 'alertKeepFiringFor') return 'DF305';
  return name === 'alertLabels' || name === 'alertAnnotations' ? 'DF307' : 'DF101';
}

function timeoutBeyondInterval(view: LabelView, globalMs: number | undefined): readonly Finding[] {
  const durationOf = (name: string) => {
    const text = view.parameters[name];
    return text === undefined ? undefined : readPrometheusDuration(text);
  };
  const interval = durationOf('scrapeInterval');
  const timeout = durationOf('scrapeTimeout');
  const ofMonitor = globalMs === undefined ? undefined : { ms: globalMs, text: `${globalMs / 1_000}s` };
  const limit = interval && interval.ms > 0 ? interval : ofMonitor;
  if (!limit || !timeout || timeout.ms <= limit.ms) return [];
  return [
    view.at('scrapeTimeout', {
      code: 'DF104',
      severity: 'warning',
      message: `${view.show('scrapeTimeout')} is longer than the interval of ${limit.text} and is left out`,
      expected: `at most ${limit.text}`,
    }),
  ];
}

/** Unknown shortcuts with what was probably meant, and shortcuts that lack values. */
function checkShortcuts(
  view: LabelView,
  label: string,
  condition: string,
  shortcuts: Shortcuts,
): Finding | undefined {
  if (!condition.startsWith('@')) return undefined;
  for (const part of condition.split(/_(?:and|unless|or)_(?=@)/)) {
    const [name = '', ...rest] = part.split(':');
    const shortcut = shortcuts.get(name);
    if (!shortcut) {
      const nearest = nearestShortcut(name, shortcuts);
      return view.at(label, {
        code: 'DF302',
        severity: 'error',
        message: `${view.show(label)}: there is no shortcut named ${name}`,
        expected: nearest ?? 'a shortcut that the monitor knows',
        ...(nearest === undefined ? {} : { suggestion: condition.replace(name, nearest) }),
      });
    }
    const values = splitList(rest.join(':'));
    const missing = shortcut.parameters.filter(
      ({ default: byDefault }, i) => byDefault === undefined && (values[i] ?? '').trim() === '',
    );
    if (missing.length > 0) {
      const form = `${name}:${shortcut.parameters.map((one) => one.name).join(',')}`;
      return view.at(label, {
        code: 'DF303',
        severity: 'error',
        message: `${view.show(label)}: the shortcut ${name} lacks ${missing.map((one) => one.name).join(', ')}`,
        expected: form,
      });
    }
  }
  return undefined;
}

function nearestShortcut(name: string, shortcuts: Shortcuts): string | undefined {
  return [...shortcuts.keys()]
    .map((known) => ({ known, distance: editDistance(name, known) }))
    .filter(({ distance }) => distance <= LARGEST_DISTANCE)
    .sort((a, b) => a.distance - b.distance)[0]?.known;
}

function readsOwnMetrics(expression: string, service: string): boolean {
  return expression.includes(`job="${service}"`);
}

/** Of two alerts of a service with one rule name the later one stays. */
function replacedAlerts(view: LabelView, alerts: readonly LintedAlert[]): readonly Finding[] {
  return alerts.flatMap((alert, i) => {
    const later = alerts.slice(i + 1).find(({ rule }) => rule === alert.rule);
    if (!later) return [];
    const own = alert.index === undefined ? 'alertName' : `alertName.${alert.index}`;
    const other = later.index === undefined ? 'alertName' : `alertName.${later.index}`;
    return [
      view.at(own, {
        code: 'DF306',
        severity: 'error',
        message: `${view.show(own)}: ${other} makes a rule of the same name, ${alert.rule}, which replaces this one`,
        expected: 'another name',
      }),
    ];
  });
}
