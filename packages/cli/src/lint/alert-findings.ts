import { formatLabelKey } from '@docker-flow/labels';
import type { AlertingRule } from '@docker-flow/monitor/core/services/prometheus-model';
import type { RuleProblem } from '../checkers/promtool.js';
import type { Finding } from './findings/finding.js';
import type { LintedAlert } from './rules/monitor-rules.js';
import { withoutCredentials } from '../text/hide-secrets.js';
import { placeInValue } from './findings/place-in-value.js';
import type { CheckPromql, PromqlProblem } from '../checkers/promql.js';

/** Lines of each file. */
export type Sources = ReadonlyMap<string, readonly string[]>;

/** What the grammar says of these alerts, for want of promtool. */
export function checkExpressions(
  check: CheckPromql,
  alerts: readonly LintedAlert[],
  sources: Sources,
): readonly Finding[] {
  return alerts.flatMap((alert) => {
    const problem = check(alert.expression);
    return problem ? [noPromql(alert, problem, sources)] : [];
  });
}

/** What promtool says of these alerts. */
export async function checkAlerts(
  promtool: string,
  alerts: readonly LintedAlert[],
  sources: Sources,
): Promise<readonly Finding[]> {
  const { checkRules } = await import('../checkers/promtool.js');
  const problems = await checkRules(promtool, alerts.map(ruleOf));
  return alerts.flatMap((alert, i) => {
    const problem = problems[i];
    if (!problem) return [];
    return [problem.part === 'expression' ? noPromql(alert, problem, sources) : noTemplate(alert, problem)];
  });
}

function ruleOf({ rule, expression, for: duration, labels, annotations }: LintedAlert): AlertingRule {
  return {
    alert: rule,
    expr: expression,
    ...(duration === '' ? {} : { for: duration }),
    labels,
    annotations,
  };
}

/** A template in an annotation or a metric label that is none (DF310). */
function noTemplate({ view, index }: LintedAlert, { part, message }: RuleProblem): Finding {
  const own = (name: string) => formatLabelKey({ name, index });
  const label = own(part === 'annotation' ? 'alertAnnotations' : 'alertLabels');
  return view.at(view.has(label) ? label : own('alertIf'), {
    code: 'DF310',
    severity: 'error',
    message: `${view.show(label)} holds a template that is none: ${withoutCredentials(message)}`,
    expected: 'a template of Prometheus',
  });
}

/** A checker repeats what it cannot read; where that holds a password or a token, it is left out. */
function withoutPieces(message: string, text: string): string {
  return withoutCredentials(text) === text ? message : message.replaceAll(/(["'<])[^]*\1|<[^>]*>/g, '…');
}

/** An alert whose expression is no PromQL (DF304), at the mistake where it can be found in the file. */
function noPromql(
  { view, index, condition, expression }: LintedAlert,
  problem: PromqlProblem,
  sources: Sources,
): Finding {
  const label = formatLabelKey({ name: 'alertIf', index });
  const written = view.written(label);
  const isOwnText = condition === expression;
  const place =
    written && isOwnText && problem.offset !== undefined
      ? placeInValue(written, problem.offset, sources.get(written.place.file) ?? [])
      : undefined;
  return view.at(label, {
    code: 'DF304',
    severity: 'error',
    message: `${view.show(label)} is not PromQL: ${withoutPieces(problem.message, condition)}`,
    ...(place ? { place } : {}),
  });
}
