import { formatLabelKey } from '@docker-flow/labels';
import type { Finding } from '../lint/finding.js';
import type { LintedAlert } from '../lint/monitor-rules.js';
import { placeInValue } from '../lint/place-in-value.js';
import type { CheckPromql, PromqlProblem } from './promql.js';

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

/** An alert whose expression is no PromQL (DF304), at the mistake where it can be found in the file. */
export function noPromql(
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
    message: `${view.show(label)} is not PromQL: ${problem.message}`,
    ...(place ? { place } : {}),
  });
}
