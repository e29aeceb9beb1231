import { LABEL_PREFIX, SCALER_LABELS, parseScalerLabels, readLabel } from '@docker-flow/labels';
import type { Finding } from '../findings/finding.js';
import type { LabelView } from '../written/label-view.js';
import type { LintedAlert } from './monitor-rules.js';
import type { LintSettings } from './settings.js';
import { checkTargetLabels, type LintedTarget } from './target-rules.js';

const OF_REPLICAS = [
  'scaleMin',
  'scaleMax',
  'scaleUpBy',
  'scaleDownBy',
  'scaleUpCooldown',
  'scaleDownCooldown',
];

export interface ScalerFindings {
  readonly findings: readonly Finding[];
  readonly targets: readonly LintedTarget[];
}

/** What the scaler would say of one service whose alerts are these. */
export function checkScalerLabels(
  view: LabelView,
  alerts: readonly LintedAlert[],
  settings: LintSettings,
): ScalerFindings {
  const labels = Object.fromEntries(
    Object.entries(view.parameters).map(([name, value]) => [`${LABEL_PREFIX}${name}`, value]),
  );
  const { value: policy, issues } = parseScalerLabels(view.fullName, labels);
  const unread = [...issues, ...rescheduleIssues(view)].map(({ label, problem, expected }) =>
    view.at(label, { code: 'DF101', severity: 'error', message: `${view.show(label)} ${problem}`, expected }),
  );
  const target = checkTargetLabels(view, labels, {
    min: policy.min ?? settings.replicas.min,
    max: policy.max ?? settings.replicas.max,
  });
  const findings = [...unread, ...target.findings];
  const first = view.firstOf(OF_REPLICAS) ?? target.first;
  if (first === undefined) return { findings, targets: target.targets };
  const { service } = view;
  const written = Object.keys(view.parameters).find((name) => OF_REPLICAS.includes(name)) ?? first;
  if (service.mode !== 'replicated')
    return {
      findings: [
        ...findings.filter(({ code }) => code !== 'DF452'),
        view.at(written, {
          code: 'DF403',
          severity: 'error',
          message: `${view.show(written)}: a service of mode ${service.mode} has no replicas to scale`,
          expected: 'mode: replicated',
        }),
      ],
      targets: target.targets,
    };
  return {
    findings: [
      ...findings,
      ...bounds(view, policy.min, policy.max, settings),
      ...(target.isScaled || isMeantToScale(view) ? [] : nothingScales(view, alerts)),
    ],
    targets: target.targets,
  };
}

/** Labels about a target that make none have a finding of their own. */
function isMeantToScale({ parameters }: LabelView): boolean {
  return Object.keys(parameters).some((name) => /^scale(?:On|Target|Schedule)/.test(name));
}

/** It is compared with a word, not read: every other value counts as none. */
function rescheduleIssues({ parameters }: LabelView) {
  const text = parameters['reschedule'];
  const read = text === undefined ? undefined : readLabel(SCALER_LABELS.reschedule, text);
  return !read || read.ok ? [] : [{ label: 'reschedule', ...read }];
}

function bounds(
  view: LabelView,
  min: number | undefined,
  max: number | undefined,
  { replicas: defaults }: LintSettings,
): readonly Finding[] {
  if (min !== undefined && max !== undefined && min > max)
    return [
      view.at('scaleMin', {
        code: 'DF401',
        severity: 'error',
        message: `${view.show('scaleMin')} is above scaleMax=${max}`,
        expected: `at most ${max}`,
      }),
    ];
  const findings: Finding[] = [];
  if (min !== undefined && !view.has('scaleMax') && min > defaults.max)
    findings.push(
      view.at('scaleMin', {
        code: 'DF405',
        severity: 'warning',
        message: `${view.show('scaleMin')} is above the maximum of ${defaults.max} that holds without scaleMax`,
        expected: 'scaleMax',
      }),
    );
  if (max !== undefined && !view.has('scaleMin') && max < defaults.min)
    findings.push(
      view.at('scaleMax', {
        code: 'DF405',
        severity: 'warning',
        message: `${view.show('scaleMax')} is below the minimum of ${defaults.min} that holds without scaleMin`,
        expected: 'scaleMin',
      }),
    );
  const { replicas } = view.service;
  const count = replicas === undefined ? 1 : Number(replicas.value);
  if (count === 0 || !Number.isInteger(count)) return findings;
  const broken =
    min !== undefined && count < min
      ? `the minimum of ${min}`
      : max !== undefined && count > max
        ? `the maximum of ${max}`
        : undefined;
  if (broken === undefined) return findings;
  const bound = min !== undefined && count < min ? 'scaleMin' : 'scaleMax';
  const finding = {
    code: 'DF402',
    severity: 'warning',
    message: `the file asks for ${count} replica${count === 1 ? '' : 's'}, which is beyond ${broken}`,
    expected: 'a count within the bounds',
  } as const;
  if (!replicas) return [...findings, view.at(bound, finding)];
  return [...findings, view.at(undefined, { ...finding, place: replicas.place })];
}

/** Bounds that nothing moves a count within: no alert, by its labels or its shortcut, says in which direction to scale. */
function nothingScales(view: LabelView, alerts: readonly LintedAlert[]): readonly Finding[] {
  const scales = alerts.some(({ labels }) => labels['scale'] === 'up' || labels['scale'] === 'down');
  const first = view.firstOf(['scaleMin', 'scaleMax']);
  if (scales || first === undefined) return [];
  return [
    view.at(first, {
      code: 'DF404',
      severity: 'info',
      message: `${view.show(first)}: nothing in the labels scales the service`,
      expected: 'an alert with scale=up or scale=down',
    }),
  ];
}
