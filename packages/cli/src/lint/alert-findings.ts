import { formatLabelKey, withoutCredentials } from '@docker-flow/labels';
import type { AlertingRule } from '@docker-flow/monitor/core/services/prometheus-model';
import type { RuleProblem } from '../checkers/promtool.js';
import type { Finding } from './findings/finding.js';
import type { LintedAlert } from './rules/monitor-rules.js';
import { noPromql, type Sources } from './no-promql.js';
import type { CheckPromql, PromqlProblem } from '../checkers/promql.js';

/** What the grammar says of these alerts, for want of promtool. */
export function checkExpressions(
  check: CheckPromql,
  alerts: readonly LintedAlert[],
  sources: Sources,
): readonly Finding[] {
  return alerts.flatMap((alert) => {
    const problem = check(alert.expression);
    return problem ? [noExpression(alert, problem, sources)] : [];
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
    return [
      problem.part === 'expression' ? noExpression(alert, problem, sources) : noTemplate(alert, problem),
    ];
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

function noExpression(
  { view, index, condition, expression }: LintedAlert,
  problem: PromqlProblem,
  sources: Sources,
): Finding {
  const label = formatLabelKey({ name: 'alertIf', index });
  return noPromql({ code: 'DF304', view, label, text: condition, expression }, problem, sources);
}
