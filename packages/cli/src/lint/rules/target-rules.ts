import { parseTargetLabels } from '@docker-flow/labels';
import { planOfLabels, type PlanBounds } from '@docker-flow/scaler/core/autoscaling/labels/policy-of-labels';
import type { Finding } from '../findings/finding.js';
import type { LabelView } from '../written/label-view.js';

/** What the scaler would say of labels about targets. */
export interface TargetFindings {
  readonly findings: readonly Finding[];
  /** Whether targets move the count. */
  readonly isScaled: boolean;
  /** The first label that is about the replicas of a target. */
  readonly first: string | undefined;
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
  return { findings, isScaled: plan !== undefined, first };
}
