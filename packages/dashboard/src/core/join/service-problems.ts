import type { Pieces, SourceName } from '../readings/readings.js';
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
  for (const { alertName, reason } of monitor?.rejected ?? []) {
    const text = readProblemText(reason);
    add('monitor', 'rejected', { ...text, text: `alert ${alertName}: ${text.text}` });
  }
  if (monitor?.scrape?.rejected !== undefined)
    add('monitor', 'rejected', { label: 'scrapePort', text: monitor.scrape.rejected });
  for (const issue of listener?.issues ?? []) add('listener', 'warning', issueText(issue));
  for (const line of proxy?.warnings ?? []) add('proxy', 'warning', readProblemText(line));
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

/** Problems of the programs themselves rather than of one service. */
export function problemId({ source, service, label = '', text }: FoundProblem): string {
  return `${service}|${source}|${label}|${text}`;
}
