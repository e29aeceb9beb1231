import type { CheckPromql, PromqlProblem } from '../checkers/promql.js';
import type { Finding } from './findings/finding.js';
import { noPromql, type Sources } from './no-promql.js';
import type { LintedTarget } from './rules/target-rules.js';

/** What promtool, or the grammar for want of it, says of the expressions that the scaler would ask. */
export async function checkTargets(
  checkers: { readonly promtool: string | undefined; readonly loadPromql: () => Promise<CheckPromql> },
  targets: readonly LintedTarget[],
  sources: Sources,
): Promise<readonly Finding[]> {
  const problems = await problemsOf(checkers, targets);
  return targets.flatMap(({ view, label, expression }, i) => {
    const problem = problems[i];
    return problem
      ? [noPromql({ code: 'DF450', view, label, text: expression, expression }, problem, sources)]
      : [];
  });
}

async function problemsOf(
  { promtool, loadPromql }: Parameters<typeof checkTargets>[0],
  targets: readonly LintedTarget[],
): Promise<readonly (PromqlProblem | undefined)[]> {
  if (promtool === undefined) {
    const check = await loadPromql();
    return targets.map(({ expression }) => check(expression));
  }
  const { checkRules } = await import('../checkers/promtool.js');
  return checkRules(
    promtool,
    targets.map(({ expression }, i) => ({
      alert: `target_${i}`,
      expr: expression,
      labels: {},
      annotations: {},
    })),
  );
}
