import { firstValues, readBoolean, readStep, type QueryPair, type Step } from '@docker-flow/labels';
import type { Ask, Direction } from '../core/count-change.js';

/** What a scaling request says, from its query and body together; absent is what neither says readably. */
export interface RequestFields {
  readonly service: string | undefined;
  readonly scale: string | undefined;
  readonly by: Step | undefined;
  readonly type: string | undefined;
  readonly to: string | undefined;
  readonly dryRun: boolean;
  readonly webhook: Webhook | undefined;
}

/** What is used of an Alertmanager webhook beside its group labels. */
export interface Webhook {
  readonly status: string | undefined;
  readonly groupKey: string | undefined;
  readonly receiver: string | undefined;
  readonly alertNames: readonly string[];
}

/** An instruction to scale, or the reason why there is none. */
export type ScaleInstruction =
  | { readonly kind: 'ask'; readonly service: string; readonly ask: Ask }
  | { readonly kind: 'resolved'; readonly status: string }
  | { readonly kind: 'bad'; readonly message: string };

/**
 * Reads query and body of a scaling request. Non-empty query parameters beat the body's group labels,
 * of repeated ones the first counts; what cannot be read counts as absent.
 */
export function readRequestFields(query: readonly QueryPair[], body: string): RequestFields {
  const parameters = firstValues(query);
  const json = parseObject(body);
  const labels = asObject(fieldOf(json, 'groupLabels')) ?? {};
  function text(name: string): string | undefined {
    return readText(parameters[name]) ?? readText(fieldOf(labels, name));
  }
  const target = fieldOf(labels, 'to');
  return {
    service: text('service'),
    scale: text('scale'),
    by: readBy(parameters['by']) ?? readByOfBody(fieldOf(labels, 'by')),
    type: text('type'),
    to: text('to') ?? (typeof target === 'number' ? String(target) : undefined),
    dryRun: readDryRun(query) ?? true,
    webhook: json === undefined ? undefined : readWebhook(json),
  };
}

/** Longer than any name Docker knows. Names are kept with the activities, so their length must have an end. */
const LONGEST_TEXT = 1_000;

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT ? value : undefined;
}

/** Whether the query asks for an answer only; `undefined` when it cannot be read, since a slip must not change anything. */
export function readDryRun(query: readonly QueryPair[]): boolean | undefined {
  const text = firstValues(query)['dryRun'];
  if (text === undefined) return false;
  const read = readBoolean(text);
  return read.ok ? read.value : undefined;
}

/** Checks in the order of the original: service, then direction. A resolved alert never scales. */
export function instructServiceScaling(fields: RequestFields): ScaleInstruction {
  const status = resolvedStatus(fields);
  if (status !== undefined) return { kind: 'resolved', status };
  if (fields.service === undefined) return { kind: 'bad', message: 'No service name in request' };
  if (fields.to !== undefined) {
    const count = readCount(fields.to);
    if (count === undefined) return { kind: 'bad', message: 'Incorrect number of replicas in request' };
    return { kind: 'ask', service: fields.service, ask: { kind: 'target', count } };
  }
  if (fields.scale === undefined) return { kind: 'bad', message: 'No scale direction in request' };
  if (!isDirection(fields.scale)) return { kind: 'bad', message: 'Incorrect scale direction in request' };
  return {
    kind: 'ask',
    service: fields.service,
    ask: { kind: 'step', direction: fields.scale, by: fields.by },
  };
}

/** The status of a webhook that reports anything but a firing alert. */
export function resolvedStatus({ webhook }: RequestFields): string | undefined {
  const status = webhook?.status;
  return status === undefined || status === '' || status === 'firing' ? undefined : status;
}

export function isDirection(text: string): text is Direction {
  return text === 'up' || text === 'down';
}

const LARGEST_INT64 = 2n ** 63n - 1n;

/** `by` as text: integer with or without sign, or a percentage; zero, unreadable and too large values are absent. */
export function readBy(text: string | undefined): Step | undefined {
  if (text === undefined) return undefined;
  const long = /^[+-]?0*([1-9][0-9]{15,18})$/.exec(text)?.[1];
  if (long !== undefined) {
    return BigInt(long) <= LARGEST_INT64 ? { unit: 'count', size: Number(long) } : undefined;
  }
  const step = readStep(text.replace(/^([+-]?)0+(?=[0-9])/, '$1'));
  return step.ok ? step.value : undefined;
}

/** A JSON number counts if it is a non-negative integer; texts are read like the query, since Alertmanager sends texts only. */
function readByOfBody(value: unknown): Step | undefined {
  if (typeof value === 'string') return readBy(value);
  if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0) return undefined;
  return { unit: 'count', size: value };
}

/** A count of replicas or nodes: digits only. */
export function readCount(text: string): number | undefined {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}

type Json = Readonly<Record<string, unknown>>;

function parseObject(text: string): Json | undefined {
  if (text === '') return undefined;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** Field names count in any letter case, as in the original; the exact one wins. */
function fieldOf(json: Json | undefined, name: string): unknown {
  if (json === undefined) return undefined;
  if (Object.hasOwn(json, name)) return json[name];
  const wanted = name.toLowerCase();
  const key = Object.keys(json).find((one) => one.toLowerCase() === wanted);
  return key === undefined ? undefined : json[key];
}

const MOST_ALERT_NAMES = 5;
const LONGEST_NAME = 200;

function readWebhook(json: Json): Webhook {
  const alerts = fieldOf(json, 'alerts');
  const names = (Array.isArray(alerts) ? alerts.slice(0, 100) : [])
    .map((alert: unknown) => asObject(fieldOf(asObject(alert), 'labels'))?.['alertname'])
    .filter((name): name is string => typeof name === 'string')
    .map((name) => name.slice(0, LONGEST_NAME));
  return {
    status: textOf(fieldOf(json, 'status'))?.slice(0, LONGEST_NAME),
    groupKey: textOf(fieldOf(json, 'groupKey')),
    receiver: textOf(fieldOf(json, 'receiver'))?.slice(0, LONGEST_NAME),
    alertNames: [...new Set(names)].slice(0, MOST_ALERT_NAMES),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
