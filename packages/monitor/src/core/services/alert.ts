import { byText, formatLabelKey, type AlertLabels, type MonitorLabels } from '@docker-flow/labels';
import type { AlertingRule } from './prometheus-model.js';
import { memoizeByIdentity } from '../text/memoize.js';
import { expandCondition } from '../shortcuts/expand-condition.js';
import type { AlertSubject, Shortcuts } from '../shortcuts/shortcut.js';

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

/** Expands all alerts of a service. PromQL itself is not checked here. */
export function buildAlerts(labels: MonitorLabels, shortcuts: Shortcuts): readonly AlertOutcome[] {
  return labels.alerts.map((alert) => buildAlert(labels, alert, shortcuts));
}

function buildAlert(
  { service, replicas }: MonitorLabels,
  labels: AlertLabels,
  shortcuts: Shortcuts,
): AlertOutcome {
  const { index } = labels;
  const [issue] = labels.problems;
  if (issue) {
    const { label, value, problem, expected } = issue;
    return reject(labels, `${label}=${JSON.stringify(value)} ${problem}; expected ${expected}`);
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
  if (!expansion.ok) {
    const label = formatLabelKey({ name: 'alertIf', index });
    return reject(labels, `${label}=${JSON.stringify(labels.condition)}: ${expansion.reason}`);
  }
  return {
    alert: {
      service,
      name: labels.name,
      index,
      formattedName: subject.formattedName,
      expression: expansion.expression,
      for: labels.for,
      labels: { ...expansion.labels, ...labels.labels },
      annotations: { ...expansion.annotations, ...labels.annotations },
      persistent: labels.persistent,
      replicas,
    },
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
      reason: `${label}: the expression ${JSON.stringify(expression)} is a range vector or a text, of which no alert can be made; expected an instant vector or a number, such as rate(x[5m]) > 0`,
    };
  if (!reason.startsWith(NO_PROMQL)) return { alertName: name, reason };
  const detail = reason.slice(NO_PROMQL.length);
  return {
    alertName: name,
    reason: `${label}: the expression ${JSON.stringify(expression)} is not PromQL: ${detail}`,
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
    ...optional('labels', alert.labels),
    ...optional('annotations', alert.annotations),
  };
}

function optional(key: 'labels' | 'annotations', entries: Readonly<Record<string, string>>) {
  const sorted = Object.entries(entries).sort(byText(([name]) => name));
  return sorted.length === 0 ? {} : { [key]: Object.fromEntries(sorted) };
}
