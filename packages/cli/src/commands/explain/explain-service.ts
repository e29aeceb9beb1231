import { knownLabel, LABEL_PREFIX, splitNumber, withoutCredentials, type Reader } from '@docker-flow/labels';
import { BAD_ANSWER, FINE, type ExitStatus } from '../../exit-status.js';
import { readStacks } from '../../input/read-stacks.js';
import type { Io } from '../../io.js';
import type { Finding } from '../../lint/findings/finding.js';
import { onOneLine, quoted } from '../../lint/findings/show-value.js';
import { deploymentOf } from '../../deployment/deployment.js';
import type { ServiceEffect } from '../../programs/effects.js';
import { findingJson } from '../../report/lint-report.js';
import { formatFindings } from '../../report/text-report.js';
import type { StackLabel } from '../../stack/stack.js';
import { isSecretLabel } from '../../text/hide-secrets.js';
import { serviceNamed } from '../service-named.js';
import { stackArguments } from '../stack-options.js';
import type { ExplainOptions } from './options.js';
import { jsonText } from '../../report/json-text.js';

interface ExplainedLabel {
  readonly label: string;
  readonly value: string;
  /** The programs that read it; empty where it is only passed on, or nobody's. */
  readonly reader: string;
  readonly effect: string;
  readonly line: number;
}

/** Every label of one service: who reads it and what it does; status 1 when there is an error among them. */
export async function explainService(
  files: readonly string[],
  options: ExplainOptions & { readonly service: string },
  io: Io,
): Promise<ExitStatus> {
  const stacks = await readStacks(stackArguments(files, options), io);
  const { effects, findings } = await deploymentOf(stacks, {
    settings: options.setting,
    checkers: { promtool: undefined, haproxy: undefined, searchPath: io.environment['PATH'] ?? '' },
  });
  const effect = serviceNamed(effects.services, options.service, ({ subject }) => subject);
  const { fullName, service, stack } = effect.subject;
  const own = findings.filter((one) => one.service === service.name && one.stack === stack.name);
  const labels = service.labels.map((label) => explainLabel(label, effect, own));
  await io.writeResult(
    options.format === 'json'
      ? jsonText({ version: 1, service: fullName, labels, findings: own.map(findingJson) })
      : labelsText(fullName, labels) + formatFindings(own, stack.sources, { hasColor: false }),
  );
  return own.some(({ severity }) => severity === 'error') ? BAD_ANSWER : FINE;
}

function explainLabel(
  { name, value, place }: StackLabel,
  effect: ServiceEffect,
  findings: readonly Finding[],
): ExplainedLabel {
  const parameter = name.startsWith(LABEL_PREFIX) ? name.slice(LABEL_PREFIX.length) : undefined;
  const known =
    parameter === undefined ? undefined : (knownLabel(parameter) ?? knownLabel(splitNumber(parameter).name));
  return {
    label: name,
    value: isSecretLabel(name) ? '***' : withoutCredentials(value),
    reader: known?.readers.join(', ') ?? '',
    effect: effectOf(name, parameter, known, effect, findings),
    line: place.line,
  };
}

type Known = ReturnType<typeof knownLabel>;

/** What is said of a label: first what is wrong with it, else what it does. */
function effectOf(
  name: string,
  parameter: string | undefined,
  known: Known,
  effect: ServiceEffect,
  findings: readonly Finding[],
): string {
  const [finding] = findings.filter(({ label, severity }) => label === name && severity !== 'info');
  if (finding) return `${finding.code}: ${finding.message}`;
  if (parameter === undefined) return 'is no label of ours';
  if (!known) return 'is passed on to the receivers; none of our programs reads it';
  const { label, readers } = known;
  const isForReceivers = readers.some((reader) => OF_RECEIVERS.has(reader));
  if (isForReceivers && !effect.subject.isNotified) return 'has no effect: nobody is told of the service';
  return `${plain(label.description)}${consequence(splitNumber(parameter), readers, effect)}`;
}

const OF_RECEIVERS: ReadonlySet<Reader> = new Set<Reader>(['proxy-configurator', 'monitor']);

/** What becomes of it here: the backend of its destination, the rule of its alert, the bounds. */
function consequence(
  { name, number }: ReturnType<typeof splitNumber>,
  readers: readonly Reader[],
  { routes, alerts, scaling, scrape }: ServiceEffect,
): string {
  const index = Number(number ?? 0);
  if (name.startsWith('alert')) {
    const alert = alerts.find((one) => (one.index ?? 0) === index);
    return alert ? ` Rule ${alert.formattedName}: ${withoutCredentials(alert.expression)}` : '';
  }
  if (readers.includes('proxy-configurator') && routes.length > 0) {
    const own = routes.filter(({ destination }) => number === undefined || destination.index === index);
    return ` Backend ${own.map(({ backend, httpsBackend }) => backend ?? httpsBackend ?? '').join(', ')}.`;
  }
  if (readers.includes('monitor') && scrape) return ` Job ${scrape.service}.`;
  if (readers.includes('scaler') && scaling) return ` From ${scaling.min} to ${scaling.max} replicas.`;
  return '';
}

/** Without the marks of Markdown. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}

function labelsText(service: string, labels: readonly ExplainedLabel[]): string {
  const lines = labels.map(
    ({ label, value, reader, effect, line }) =>
      `${String(line).padStart(5)}  ${onOneLine(label)}=${quoted(value)}\n       ${reader === '' ? '' : `[${reader}] `}${onOneLine(effect)}\n`,
  );
  return `${service}\n${lines.join('')}`;
}
