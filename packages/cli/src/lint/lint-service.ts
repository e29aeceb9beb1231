import { LABEL_PREFIX, LISTENER_LABELS, knownLabel, parseLabelKey, readLabel } from '@docker-flow/labels';
import { isOfInterest } from '@docker-flow/swarm-listener/core/services/interest';
import type { Stack, StackService } from '../stack/stack.js';
import type { Finding } from './findings/finding.js';
import { labelView, type LabelView } from './written/label-view.js';
import type { LintedService } from './rules/linted-service.js';
import { checkCertificateLabels } from './rules/certificate-rules.js';
import { checkMonitorLabels } from './rules/monitor-rules.js';
import { dropUnreadNumbers } from './rules/numbers.js';
import { checkProxyLabels } from './rules/proxy-rules.js';
import { readWrittenLabels, type NamingOptions } from './written/read-written-labels.js';
import { checkScalerLabels } from './rules/scaler-rules.js';
import type { LintSettings } from './rules/settings.js';

export interface LintContext {
  readonly settings: LintSettings;
  readonly naming: NamingOptions;
}

/** Looks at the labels of one service by themselves. */
export function lintService(
  stack: Stack,
  service: StackService,
  { settings, naming }: LintContext,
): { readonly findings: readonly Finding[]; readonly linted: LintedService } {
  const written = readWrittenLabels(service, service.labels, naming);
  const { labels, findings: numberFindings } = dropUnreadNumbers(written.labels, service.name);
  const view = labelView(service, `${stack.name}_${service.name}`, labels);
  const beside = labelsBesideImage(service, view);
  const notify = view.parameters['notify'];
  const isNotified =
    notify === undefined ? !beside : isOfInterest({ [settings.notify.key]: notify }, settings.notify);
  const proxy = checkProxyLabels(view, settings);
  const monitor = checkMonitorLabels(view, settings);
  const lost = new Set([...written.dropped, ...lostLabels(stack, service)]);
  const dropped = (finding: Finding) => [...lost].some((parameter) => isAbout(finding, parameter));
  const ofReaders = [
    ...proxy.findings,
    ...monitor.findings,
    ...checkScalerLabels(view, monitor.alerts, settings),
    ...checkListenerLabels(view, settings),
    ...checkCertificateLabels(view, settings),
  ].filter((finding) => !dropped(finding) && !isSaidOfDollars(finding, written.findings));
  const findings = [
    ...written.findings,
    ...numberFindings,
    ...(beside ? [beside] : []),
    ...(isMissingNotify(service, view, written.findings, beside) ? [missingNotify(view)] : []),
    ...(lost.size > 0 ? ofReaders.filter(({ code }) => !isConsequence(code)) : ofReaders),
  ];
  return {
    findings: unique(findings),
    linted: {
      stack,
      service,
      view,
      isNotified,
      alerts: monitor.alerts,
      ...(proxy.service ? { routed: proxy.service } : {}),
    },
  };
}

/** Labels whose value Docker cannot make out, or takes for something else: they were told of. */
function lostLabels({ problems }: Stack, { name, labels }: StackService): readonly string[] {
  const there = new Set(labels.map((label) => label.name));
  return problems.flatMap(({ code, service, label, severity }) =>
    service === name &&
    label?.startsWith(LABEL_PREFIX) &&
    (code === 'DF509' || (severity === 'error' && !there.has(label)))
      ? [label.slice(LABEL_PREFIX.length)]
      : [],
  );
}

/** What follows from a label that could not be known is not told beside it. */
function isConsequence(code: string): boolean {
  return ['DF201', 'DF202', 'DF203', 'DF301'].includes(code);
}

/** What a value lacks after Docker has filled in variables that nobody meant is told by the dollars. */
function isSaidOfDollars({ code, label }: Finding, written: readonly Finding[]): boolean {
  return code === 'DF104' && written.some((other) => other.code === 'DF506' && other.label === label);
}

function isAbout({ label }: Finding, parameter: string): boolean {
  return label === `${LABEL_PREFIX}${parameter}`;
}

function checkListenerLabels(view: LabelView, { notify }: LintSettings): readonly Finding[] {
  return (['notify', 'distribute', 'shortName'] as const).flatMap((name): Finding[] => {
    const text = view.parameters[name];
    if (text === undefined || (name === 'notify' && notify.value !== undefined)) return [];
    const result = readLabel(LISTENER_LABELS[name], text);
    if (result.ok) return [];
    const { problem, expected } = result;
    return [
      view.at(name, { code: 'DF101', severity: 'error', message: `${view.show(name)} ${problem}`, expected }),
    ];
  });
}

/** Labels of ours on the containers, which nobody looks at; none if the service has them all, too. */
function labelsBesideImage(
  { name, labels, containerLabels }: StackService,
  view: LabelView,
): Finding | undefined {
  const there = new Set(labels.map((label) => label.name));
  const lost = containerLabels.find(
    (label) => label.name.startsWith(LABEL_PREFIX) && isKnown(label.name) && !there.has(label.name),
  );
  if (!lost) return undefined;
  return {
    ...view.at(undefined, {
      code: 'DF501',
      severity: 'error',
      message: `${lost.name} stands beside image: it is a label of the containers, and no program sees it`,
      expected: 'under deploy, labels',
      place: lost.place,
    }),
    label: lost.name,
    service: name,
  };
}

function isKnown(label: string): boolean {
  return knownLabel(parseLabelKey(label.slice(LABEL_PREFIX.length)).name) !== undefined;
}

/** Labels for receivers of the listener on a service that it passes by. */
function isMissingNotify(
  { labels }: StackService,
  view: LabelView,
  written: readonly Finding[],
  beside: Finding | undefined,
): boolean {
  const isTold = beside !== undefined || written.some(({ label = '' }) => /notif/i.test(label));
  if (view.has('notify') || isTold || labels.length === 0) return false;
  return firstForReceivers(view) !== undefined;
}

function firstForReceivers(view: LabelView): string | undefined {
  return Object.keys(view.parameters).find((parameter) => {
    const readers = knownLabel(parseLabelKey(parameter).name)?.readers ?? [];
    return readers.some((reader) => ['proxy-configurator', 'monitor', 'certificates'].includes(reader));
  });
}

function missingNotify(view: LabelView): Finding {
  return view.at(firstForReceivers(view), {
    code: 'DF502',
    severity: 'error',
    message: 'the listener passes by a service without com.df.notify=true, so nobody hears of this label',
    expected: 'com.df.notify=true',
  });
}

/** Two readers of one label say the same once. */
function unique(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ code, label, place, service }) => {
    const key = code === 'DF101' ? `${code} ${service} ${label} ${place.line}` : undefined;
    if (key === undefined) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
