import type { Pieces, SourceName } from '../readings/readings.js';
import type { Parameters } from '@docker-flow/labels';
import { issueText, readProblemText, type ProblemText } from './problem-text.js';

/** A problem without the time since when it is there. */
export interface FoundProblem extends ProblemText {
  readonly source: SourceName;
  readonly service: string;
  readonly kind: 'rejected' | 'warning';
}

/** Everything of a service that some program rejects or warns of. The same said by two programs is there once. */
export function serviceProblems(service: string, pieces: Pieces): readonly FoundProblem[] {
  const found: FoundProblem[] = [];
  const add = (source: SourceName, kind: FoundProblem['kind'], text: ProblemText) => {
    const isKnown = found.some(
      (one) => one.label !== undefined && one.label === text.label && one.text === text.text,
    );
    if (!isKnown) found.push({ source, service, kind, ...text });
  };
  const { listener, proxy, monitor, prometheus, certificates, scaler } = pieces;
  if (proxy?.rejection !== undefined) {
    const { message, olderVersionLive } = proxy.rejection;
    const text = readProblemText(message);
    const older = olderVersionLive ? ' (an older version of the service is still routed)' : '';
    add('proxy', 'rejected', { ...text, text: text.text + older });
  }
  for (const { alertName, lastError } of monitor?.alerts ?? [])
    if (lastError !== undefined)
      add('monitor', 'warning', { text: `alert ${alertName} cannot be evaluated: ${lastError}` });
  for (const { alertName, reason } of monitor?.rejected ?? []) {
    const text = readProblemText(reason);
    const label = text.label ?? labelOfAlert(alertName, listener?.parameters);
    add('monitor', 'rejected', {
      ...text,
      ...(label === undefined ? {} : { label }),
      text: `alert ${alertName}: ${text.text}`,
    });
  }
  if (monitor?.scrape?.rejected !== undefined)
    add('monitor', 'rejected', { label: 'scrapePort', text: monitor.scrape.rejected });
  for (const issue of listener?.issues ?? []) add('listener', 'warning', issueText(issue));
  for (const line of proxy?.warnings ?? []) add('proxy', 'warning', readProblemText(line));
  for (const problem of new Set(proxy?.routes.flatMap(({ problem: one }) => one ?? [])))
    add('proxy', 'warning', { text: `requests end in 503: ${problem}` });
  for (const line of monitor?.problems ?? []) add('monitor', 'warning', readProblemText(line));
  for (const line of scaler?.service?.issues ?? []) add('scaler', 'warning', readProblemText(line));
  for (const { on, failed } of scaler?.service?.target?.metrics ?? []) {
    if (failed !== undefined) add('scaler', 'warning', { text: `${on} cannot be measured: ${failed}` });
  }
  for (const { health, url, lastError } of prometheus?.targets ?? []) {
    if (health === 'down') add('prometheus', 'warning', { text: `target ${url} is down: ${lastError}` });
  }
  for (const { certName, problem } of certificates?.certificates ?? []) {
    if (problem) add('certificates', 'warning', { text: `certificate ${certName}: ${problem}` });
  }
  return found;
}

/** The label with the expression of an alert. */
function labelOfAlert(alertName: string, parameters: Parameters | undefined): string | undefined {
  const [key] =
    Object.entries(parameters ?? {}).find(
      ([name, value]) => value === alertName && /^alertName(\.[0-9]+)?$/.test(name),
    ) ?? [];
  return key?.replace('alertName', 'alertIf');
}

/** By what the same problem is known again. */
export function problemId({ source, service, label = '', text }: FoundProblem): string {
  return `${service}|${source}|${label}|${text}`;
}
