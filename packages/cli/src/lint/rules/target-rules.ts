import { parseTargetLabels } from '@docker-flow/labels';
import type { PlanBounds } from '@docker-flow/scaler/core/autoscaling/labels/input-of-labels';
import { planOfLabels, type TargetPlan } from '@docker-flow/scaler/core/autoscaling/labels/plan-of-labels';
import type { Finding } from '../findings/finding.js';
import type { LabelView } from '../written/label-view.js';

/** What the scaler would say of labels about targets. */
export interface TargetFindings {
  readonly findings: readonly Finding[];
  /** Whether targets move the count. */
  readonly isScaled: boolean;
  /** The first label that is about the replicas of a target. */
  readonly first: string | undefined;
  readonly targets: readonly LintedTarget[];
}

/** PromQL that the scaler would ask. */
export interface LintedTarget {
  readonly view: LabelView;
  readonly label: string;
  readonly expression: string;
}

/** Looks at the labels about targets as the scaler reads them: each by itself, then as one policy. */
export function checkTargetLabels(
  view: LabelView,
  labels: Readonly<Record<string, string>>,
  bounds: PlanBounds,
): TargetFindings {
  const { plan, issues } = planOfLabels(view.fullName, labels, bounds);
  const unreadable = parseTargetLabels(view.fullName, labels).issues;
  const findings = issues
    .filter(({ kind }) => kind !== 'quoted')
    .map(({ label, problem, expected, kind }) => {
      const isValue = unreadable.some((one) => one.label === label && one.problem === problem);
      return view.at(label, {
        code: kind === 'no-effect' ? 'DF451' : isValue ? 'DF101' : 'DF450',
        severity: kind === 'no-effect' ? 'warning' : 'error',
        message: `${view.show(label)} ${problem}`,
        expected,
      });
    });
  const first = Object.keys(view.parameters).find((name) => /^scaleOn(?:\.[0-9]+)?$/.test(name));
  return {
    findings: [...findings, ...withoutReservation(view, plan)],
    isScaled: plan !== undefined,
    first,
    targets: ownExpressions(view, plan),
  };
}

/** Of a share of what nobody reserves no number can be made. */
function withoutReservation(view: LabelView, plan: TargetPlan | undefined): readonly Finding[] {
  return (plan?.input.metrics ?? []).flatMap(({ name, type, resource }): readonly Finding[] => {
    if (type !== 'utilization' || resource === undefined || view.service.reserved.has(resource)) return [];
    const label = labelOfMetric(view, 'scaleTarget', name);
    const key = resource === 'cpu' ? 'cpus' : 'memory';
    return [
      view.at(label, {
        code: 'DF452',
        severity: 'warning',
        message: `${view.show(label)} is a share of the ${resource === 'cpu' ? 'CPU' : 'memory'} that tasks reserve, and the service reserves none: it is never scaled`,
        expected: `resources, reservations, ${key} under deploy, or a number of ${resource === 'cpu' ? 'cores such as 0.5' : 'bytes'}`,
      }),
    ];
  });
}

function ownExpressions(view: LabelView, plan: TargetPlan | undefined): readonly LintedTarget[] {
  return (plan?.sources ?? []).flatMap(({ metric, query }) =>
    query.kind === 'own'
      ? [{ view, label: labelOfMetric(view, 'scaleOn', metric), expression: query.expression }]
      : [],
  );
}

/** `m2` is what the labels of number 2 say, `m1` what those of number 1 or without one do. */
function labelOfMetric(view: LabelView, name: string, metric: string): string {
  const numbered = `${name}.${metric.slice(1)}`;
  return view.has(numbered) ? numbered : name;
}
