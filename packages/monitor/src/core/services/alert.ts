import {
  byText,
  formatLabelKey,
  quoteValue,
  type AlertLabels,
  type Issue,
  type MonitorLabels,
} from '@docker-flow/labels';
import type { AlertingRule } from './prometheus-model.js';
import { memoizeByIdentity } from '../text/memoize.js';
import { expandCondition } from '../shortcuts/expand-condition.js';
import type { AlertSubject, Shortcuts } from '../shortcuts/shortcut.js';
import { expressionProblem } from './expression-limits.js';
import { withOwnService } from './own-service-label.js';

/** One alert of one service, expanded. It belongs to exactly this service, whatever its name looks like. */
export interface Alert {
  readonly service: string;
  readonly name: string;
  /** The number of its labels; `undefined` for the alert without one. */
  readonly index: number | undefined;
  /** Name of the rule. */
  readonly formattedName: string;
  readonly expression: string;
  /** Empty when absent. */
  readonly for: string;
  /** Empty when absent. */
  readonly keepFiringFor: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Survives the removal of its service. */
  readonly persistent: boolean;
  readonly replicas: number;
}

/** An alert that is not installed, and why. */
export interface RejectedAlert {
  readonly alertName: string;
  readonly reason: string;
}

/** What became of one alert of a request, in the order of the request. */
export type AlertOutcome = { readonly alert: Alert } | { readonly rejected: RejectedAlert };

/** `serviceName_alertName` without dashes; everything else stays. */
export function formatAlertName(service: string, alertName: string): string {
  return `${service}_${alertName}`.replaceAll('-', '');
}

export interface AlertSettings {
  readonly shortcuts: Shortcuts;
  /** Whether alerts that scale may name any service. */
  readonly mayScaleOthers: boolean;
  /** Whether the Prometheus that runs knows `keep_firing_for`. */
  readonly knowsKeepFiringFor: boolean;
}

/** Expands all alerts of a service. PromQL itself is not checked here. */
export function buildAlerts(
  labels: MonitorLabels,
  settings: AlertSettings,
): { readonly outcomes: readonly AlertOutcome[]; readonly warnings: readonly Issue[] } {
  const warnings: Issue[] = [];
  const warn = (issue: Issue | undefined) => {
    if (issue) warnings.push(issue);
  };
  const outcomes = labels.alerts.map((alert) => buildAlert(labels, alert, settings, warn));
  return { outcomes, warnings };
}

function buildAlert(
  { service, replicas }: MonitorLabels,
  labels: AlertLabels,
  { shortcuts, mayScaleOthers, knowsKeepFiringFor }: AlertSettings,
  warn: (issue: Issue | undefined) => void,
): AlertOutcome {
  const { index } = labels;
  const [issue] = labels.problems;
  if (issue) {
    const { label, value, problem, expected } = issue;
    return reject(labels, `${label}=${quoteValue(value)} ${problem}; expected ${expected}`);
  }
  const subject: AlertSubject = {
    service,
    alertName: labels.name,
    formattedName: formatAlertName(service, labels.name),
    condition: labels.condition,
    for: labels.for,
    persistent: labels.persistent,
    replicas,
    labels: labels.labels,
    annotations: labels.annotations,
  };
  const expansion = expandCondition(subject, shortcuts);
  const problem = expansion.ok ? expressionProblem(expansion.expression) : expansion.reason;
  if (!expansion.ok || problem !== undefined) {
    const label = formatLabelKey({ name: 'alertIf', index });
    return reject(labels, `${label}=${quoteValue(labels.condition)}: ${problem}`);
  }
  const all = { ...expansion.labels, ...labels.labels };
  const own = mayScaleOthers
    ? { labels: all, issue: undefined }
    : withOwnService({
        service,
        label: formatLabelKey({ name: 'alertLabels', index }),
        expression: expansion.expression,
        labels: all,
      });
  warn(own.issue);
  if (labels.keepFiringFor !== '' && !knowsKeepFiringFor) warn(tooOldForKeeping(service, labels));
  return {
    alert: {
      service,
      name: labels.name,
      index,
      formattedName: subject.formattedName,
      expression: expansion.expression,
      for: labels.for,
      keepFiringFor: knowsKeepFiringFor ? labels.keepFiringFor : '',
      labels: own.labels,
      annotations: { ...expansion.annotations, ...labels.annotations },
      persistent: labels.persistent,
      replicas,
    },
  };
}

function tooOldForKeeping(service: string, { index, keepFiringFor }: AlertLabels): Issue {
  return {
    service,
    label: formatLabelKey({ name: 'alertKeepFiringFor', index }),
    value: keepFiringFor,
    problem: 'is not known to the Prometheus that runs, and is left out',
    expected: 'Prometheus 2.42 or newer',
    kind: 'no-effect',
  };
}

function reject({ name }: AlertLabels, reason: string): AlertOutcome {
  return { rejected: { alertName: name, reason } };
}

/** What promtool says of an expression it cannot read; all other reasons name what they are about. */
const NO_PROMQL = 'could not parse expression: ';

/** Said of an alert whose expression is PromQL, but neither an instant vector nor a number. */
export const WRONG_TYPE = 'the expression is of a type that no alert can be made of';

/** An alert that Prometheus would reject, with the label to look at. */
export function toRejectedAlert({ name, index, expression }: Alert, reason: string): RejectedAlert {
  const label = formatLabelKey({ name: 'alertIf', index });
  if (reason === WRONG_TYPE)
    return {
      alertName: name,
      reason: `${label}: the expression ${quoteValue(expression)} is a range vector or a text, of which no alert can be made; expected an instant vector or a number, such as rate(x[5m]) > 0`,
    };
  if (!reason.startsWith(NO_PROMQL)) return { alertName: name, reason };
  const detail = reason.slice(NO_PROMQL.length);
  return {
    alertName: name,
    reason: `${label}: the expression ${quoteValue(expression)} is not PromQL: ${detail}`,
  };
}

const ruleOf = memoizeByIdentity(buildRule);

/** The alert in Prometheus's words; names of labels and annotations are sorted. */
export function alertingRule(alert: Alert): AlertingRule {
  return ruleOf(alert);
}

function buildRule(alert: Alert): AlertingRule {
  return {
    alert: alert.formattedName,
    expr: alert.expression,
    ...(alert.for === '' ? {} : { for: alert.for }),
    ...(alert.keepFiringFor === '' ? {} : { keep_firing_for: alert.keepFiringFor }),
    ...optional('labels', alert.labels),
    ...optional('annotations', alert.annotations),
  };
}

function optional(key: 'labels' | 'annotations', entries: Readonly<Record<string, string>>) {
  const sorted = Object.entries(entries).sort(byText(([name]) => name));
  return sorted.length === 0 ? {} : { [key]: Object.fromEntries(sorted) };
}
