import type { Readings, SourceName } from '../readings/readings.js';
import type { FoundProblem } from './service-problems.js';

/** What is rejected, or not in force, of the programs themselves: variables, templates, certificates, files of the operator. */
export function programProblems(readings: Readings): readonly FoundProblem[] {
  const { listener, proxy, monitor, certificates } = readings;
  const found: FoundProblem[] = [];
  const add = (source: SourceName, kind: FoundProblem['kind'], text: string) =>
    found.push({ source, service: '', kind, text });
  for (const line of listener?.problems ?? []) add('listener', 'warning', line);
  if (proxy?.haproxy.problem !== undefined) add('proxy', 'rejected', proxy.haproxy.problem);
  for (const line of proxy?.warnings ?? []) add('proxy', 'warning', line);
  // The program that orders a certificate says itself what keeps it from that.
  for (const { name, problem, renewalProblem } of proxy?.certificates ?? []) {
    const text = problem ?? (certificates === undefined ? renewalProblem : undefined);
    if (text !== undefined) add('proxy', 'warning', `certificate ${name}: ${text}`);
  }
  for (const { part, reason } of monitor?.rejectedParts ?? [])
    add('monitor', 'rejected', `${part}: ${reason}`);
  for (const line of monitor?.problems ?? []) add('monitor', 'warning', line);
  if (certificates?.authorityProblem !== undefined)
    add('certificates', 'warning', `the authority: ${certificates.authorityProblem}`);
  for (const { certName, problem, services } of certificates?.certificates ?? [])
    if (problem && services.length === 0)
      add('certificates', 'warning', `certificate ${certName}: ${problem}`);
  return found;
}
