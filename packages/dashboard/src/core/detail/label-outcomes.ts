import { CATALOGUE, parseLabelKey, type Label, type Reader } from '@docker-flow/labels';
import type { FoundProblem } from '../join/service-problems.js';
import { routeText, serviceRoutes } from '../join/service-routes.js';
import type { Pieces } from '../readings/readings.js';
import type { ScalerService } from '../readings/scaler.js';

/** What became of one label. */
export interface LabelOutcome {
  /** Without `com.df.` */
  readonly label: string;
  readonly value: string;
  readonly readers: readonly Reader[];
  readonly state: 'in force' | 'rejected' | 'warning' | 'not read' | 'unknown';
  /** In words. */
  readonly outcome: string;
  readonly expected?: string;
  /** Of the catalogue; Markdown. */
  readonly description?: string;
}

const LABELS = new Map<string, readonly (readonly [Reader, Label])[]>();
for (const [reader, labels] of Object.entries(CATALOGUE) as [Reader, readonly Label[]][])
  for (const label of labels) LABELS.set(label.name, [...(LABELS.get(label.name) ?? []), [reader, label]]);

/** Parameters that swarm-listener adds; nobody has written them. */
const ADDED = new Set(['serviceName', 'replicas', 'nodeInfo']);

/** Every label of the service that reached the programs, and those that did not get through, with what became of it. */
export function labelOutcomes(
  service: string,
  pieces: Pieces,
  problems: readonly FoundProblem[],
): readonly LabelOutcome[] {
  const parameters = pieces.listener?.parameters ?? {};
  const written = Object.entries(parameters).filter(
    ([name, value]) => !ADDED.has(name) && !(name === 'distribute' && value === 'true'),
  );
  const missing = problems.flatMap(({ label, value = '' }) =>
    label === undefined || parameters[label] !== undefined ? [] : [[label, value] as const],
  );
  const all = new Map<string, string>([...missing, ...written]);
  return [...all].map(([label, value]) => outcomeOf(service, label, value, pieces, problems));
}

function outcomeOf(
  service: string,
  label: string,
  value: string,
  pieces: Pieces,
  problems: readonly FoundProblem[],
): LabelOutcome {
  const entries = LABELS.get(parseLabelKey(label).name) ?? LABELS.get(label) ?? [];
  const description = entries.find(([, entry]) => entry.description !== '')?.[1].description;
  const common = {
    label,
    value,
    readers: entries.map(([reader]) => reader),
    ...(description === undefined ? {} : { description }),
  };
  const problem = problems.find((one) => one.label === label);
  if (problem !== undefined)
    return {
      ...common,
      state: problem.kind,
      outcome: problem.text,
      ...(problem.expected === undefined ? {} : { expected: problem.expected }),
    };
  if (entries.length === 0)
    return { ...common, state: 'unknown', outcome: 'no program of Docker Flow knows this label' };
  const becomes = entries.flatMap(([reader]) => effect(reader, service, label, pieces));
  if (becomes.length > 0) return { ...common, state: 'in force', outcome: becomes.join('; ') };
  return { ...common, state: 'not read', outcome: whyNotRead(common.readers, pieces) };
}

function effect(reader: Reader, service: string, label: string, pieces: Pieces): readonly string[] {
  const { name, index } = parseLabelKey(label);
  switch (reader) {
    case 'swarm-listener':
      return pieces.listener?.parameters === undefined ? [] : ['read by swarm-listener'];
    case 'proxy-configurator': {
      const routes = serviceRoutes(service, pieces).map(routeText);
      return routes.length === 0 ? [] : [`routed: ${[...new Set(routes)].slice(0, 4).join(', ')}`];
    }
    case 'monitor':
      return monitorEffect(name, index, pieces);
    case 'scaler':
      return scalerEffect(name, index, pieces.scaler?.service);
    case 'certificates':
      return (pieces.certificates?.certificates ?? []).map(
        ({ certName, state }) => `${certName} is ${state}`,
      );
  }
}

function scalerEffect(
  name: string,
  index: number | undefined,
  scaled: ScalerService | undefined,
): readonly string[] {
  if (scaled === undefined) return [];
  const metric =
    name === 'scaleOn' || name === 'scaleTarget'
      ? scaled.target?.metrics.find((one) => one.metric === `m${index ?? 1}`)
      : undefined;
  if (metric === undefined) return [`scaled between ${scaled.min.value} and ${scaled.max.value} replicas`];
  const { on, failed, proposal } = metric;
  if (failed !== undefined) return [`${on} cannot be measured: ${failed}`];
  return [proposal === undefined ? `${on} is measured` : `${on} asks for ${proposal} replicas`];
}

function monitorEffect(name: string, index: number | undefined, pieces: Pieces): readonly string[] {
  const { monitor, listener, prometheus } = pieces;
  if (monitor === undefined) return [];
  if (name.startsWith('alert')) {
    const suffix = index === undefined ? '' : `.${index}`;
    const alertName = listener?.parameters?.[`alertName${suffix}`];
    const alert = monitor.alerts.find((one) => one.alertName === alertName);
    return alert === undefined ? [] : [`alert ${alert.alertNameFormatted}`];
  }
  if (monitor.scrape === undefined) return [];
  const targets = prometheus?.targets ?? [];
  const up = targets.filter(({ health }) => health === 'up').length;
  return [targets.length === 0 ? 'a scrape job' : `scraped: ${up} of ${targets.length} targets up`];
}

function whyNotRead(readers: readonly Reader[], pieces: Pieces): string {
  if (readers.includes('proxy-configurator') && pieces.proxy?.rejection !== undefined)
    return 'the proxy rejects the service for another reason';
  const names = readers.map((reader) => (reader === 'proxy-configurator' ? 'proxy' : reader));
  const list = names.join(' and ');
  return pieces.listener?.parameters === undefined
    ? `swarm-listener does not send it; ${list} would read it`
    : `${list} would read it and says nothing of this service`;
}
