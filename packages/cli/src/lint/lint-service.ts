import { LABEL_PREFIX, LISTENER_LABELS, readLabel } from '@docker-flow/labels';
import { isOfInterest } from '@docker-flow/swarm-listener/core/services/interest';
import type { Stack, StackService } from '../stack/stack.js';
import { followsFrom } from './consequences.js';
import type { Finding } from './findings/finding.js';
import { labelView, type LabelView } from './written/label-view.js';
import type { LintedService } from './rules/linted-service.js';
import { checkCertificateLabels } from './rules/certificate-rules.js';
import { checkMonitorLabels } from './rules/monitor-rules.js';
import { dropUnreadNumbers } from './rules/numbers.js';
import { checkPlace } from './rules/place-rules.js';
import { checkProxyLabels, isProxyParameter } from './rules/proxy-rules.js';
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
  const place = checkPlace(view, written.findings);
  const notify = view.parameters['notify'];
  const isNotified =
    notify === undefined ? !place.beside : isOfInterest({ [settings.notify.key]: notify }, settings.notify);
  const proxy = checkProxyLabels(view, settings);
  const monitor = checkMonitorLabels(view, settings);
  const scaler = checkScalerLabels(view, monitor.alerts, settings);
  const certificate = checkCertificateLabels(view, settings, proxy.service);
  const ofReaders = unique([
    ...proxy.findings,
    ...monitor.findings,
    ...scaler.findings,
    ...checkListenerLabels(view, settings),
    ...certificate.findings,
  ]);
  const unread = ofReaders.flatMap(({ code, label = '' }) =>
    code === 'DF101' || code === 'DF701' ? [parameterOf(label)] : [],
  );
  const gone = [...written.dropped, ...lostLabels(stack, service), ...place.lost];
  const lost = [...gone, ...unread];
  const isTold = (finding: Finding) =>
    (!['DF101', 'DF701'].includes(finding.code) && unread.includes(parameterOf(finding.label ?? ''))) ||
    gone.some((parameter) => finding.label === `${LABEL_PREFIX}${parameter}`) ||
    lost.some((parameter) => followsFrom(finding, parameter)) ||
    isSaidOfDollars(finding, written.findings);
  return {
    findings: [
      ...written.findings,
      ...numberFindings,
      ...place.findings,
      ...ofReaders.filter((finding) => !isTold(finding)),
    ],
    linted: {
      stack,
      service,
      view,
      isNotified,
      alerts: monitor.alerts,
      targets: scaler.targets,
      isCertain: !lost.some((parameter) => parameter === 'notify' || isProxyParameter(parameter)),
      ...(proxy.service ? { routed: proxy.service } : {}),
      ...(certificate.request ? { certificate: certificate.request } : {}),
    },
  };
}

function parameterOf(label: string): string {
  return label.slice(LABEL_PREFIX.length);
}

/** Labels whose value Docker cannot make out, or takes for something else: they were told of. */
function lostLabels({ problems }: Stack, { name, labels }: StackService): readonly string[] {
  const there = new Set(labels.map((label) => label.name));
  return problems.flatMap(({ code, service, label, severity }) =>
    service === name &&
    label?.startsWith(LABEL_PREFIX) &&
    (code === 'DF509' || (severity === 'error' && !there.has(label)))
      ? [parameterOf(label)]
      : [],
  );
}

/** What a value lacks after Docker has filled in variables that nobody meant is told by the dollars. */
function isSaidOfDollars({ code, label }: Finding, written: readonly Finding[]): boolean {
  return code === 'DF104' && written.some((other) => other.code === 'DF506' && other.label === label);
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
