import type { Issue, MetricLabels } from '@docker-flow/labels';
import { metricProblem } from '../policy/check-policy.js';
import type { MetricInput } from '../policy/policy-input.js';
import { readTargetShortcut } from '../shortcuts/target-shortcuts.js';
import type { LabelIssues } from './label-issues.js';
import type { MetricSource } from './metric-source.js';

/** A metric with where its values come from, or what is wrong with its labels. */
export type ReadMetric =
  { readonly input: MetricInput; readonly source: MetricSource } | { readonly issues: readonly Issue[] };

/** The metric that the labels of one number describe. */
export function readMetric(labels: MetricLabels, about: LabelIssues): ReadMetric {
  const { number, on, target, activation, empty } = labels;
  const label = (name: string) => `${name}.${number}`;
  if (on === undefined)
    return {
      issues: [
        about.issue(
          firstLabel(labels, number),
          'belongs to no metric',
          `${about.beside('scaleOn', number)} beside it`,
        ),
      ],
    };
  const shortcut = readTargetShortcut(on);
  if (shortcut && 'problem' in shortcut)
    return { issues: [about.issue(label('scaleOn'), shortcut.problem, shortcut.expected)] };
  if (target === undefined)
    return {
      // One that cannot be read is told already.
      issues: about.has(label('scaleTarget'))
        ? []
        : [
            about.issue(
              label('scaleOn'),
              'has no target',
              `${about.beside('scaleTarget', number)} beside it`,
            ),
          ],
    };
  const kind = shortcut?.shortcut;
  const per = kind?.per ?? labels.per ?? 'service';
  const isPercent = target.unit === 'percent';
  const type = typeOf(labels, isPercent, kind?.type ?? 'averageValue');
  if (isPercent && type !== 'utilization')
    return {
      issues: [
        about.issue(
          label('scaleTarget'),
          `is a percentage, and the target is ${labels.type ?? ''}`,
          'a number',
        ),
      ],
    };
  if (type === 'utilization' && kind?.resource === undefined)
    return {
      issues: [
        about.issue(
          label('scaleTarget'),
          'is a share of a reservation, which only CPU and memory have',
          'a number, or scaleOn=@cpu or @memory',
        ),
      ],
    };
  const metric = `m${number}`;
  const input: MetricInput = {
    name: metric,
    per,
    type,
    target: target.value,
    ...(kind?.resource === undefined ? {} : { resource: kind.resource }),
    ...(shortcut ? { windowSeconds: shortcut.shortcut.windowSeconds(shortcut.value) } : {}),
    ...(empty === undefined ? {} : { empty }),
    ...(activation === undefined ? {} : { activation }),
  };
  const problem = metricProblem(input);
  if (problem !== undefined)
    return {
      issues: [
        about.issue(
          label('scaleTargetType'),
          `does not fit: ${problem}`,
          per === 'task' ? 'perTask' : 'perTask or total',
        ),
      ],
    };
  return {
    input,
    source: {
      metric,
      on,
      query: shortcut
        ? { kind: 'batch', ...shortcut.shortcut.query(shortcut.value) }
        : { kind: 'own', expression: on, per },
    },
  };
}

const TYPES = { perTask: 'averageValue', total: 'value', utilization: 'utilization' } as const;

function typeOf({ type }: MetricLabels, isPercent: boolean, byDefault: 'averageValue' | 'value') {
  if (type !== undefined) return TYPES[type];
  return isPercent ? 'utilization' : byDefault;
}

/** The label of a metric without `scaleOn` that is told of. */
export function firstLabel({ target, type, per, activation }: MetricLabels, number: number): string {
  if (target !== undefined) return `scaleTarget.${number}`;
  if (type !== undefined) return `scaleTargetType.${number}`;
  if (per !== undefined) return `scalePer.${number}`;
  return `${activation === undefined ? 'scaleEmpty' : 'scaleActivation'}.${number}`;
}
