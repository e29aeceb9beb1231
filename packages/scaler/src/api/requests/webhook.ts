import { createHash } from 'node:crypto';
import { MOST_ALERTS } from '../../core/scaling/alert-group.js';

/** An object that came as JSON, nothing known of its members. */
export type Json = Readonly<Record<string, unknown>>;

/** What is used of an Alertmanager webhook beside its group labels. */
export interface Webhook {
  readonly status: string | undefined;
  readonly groupKey: string | undefined;
  readonly receiver: string | undefined;
  readonly alertNames: readonly string[];
  /** Base address that Alertmanager says it has. */
  readonly externalUrl: string | undefined;
  /** Each firing alert: its fingerprint (or labels) with its start. */
  readonly firing: readonly string[];
  /** Alerts that are not in the post. */
  readonly truncated: number;
}

const MOST_ALERT_NAMES = 5;
const MOST_NAMED = 100;
const LONGEST_NAME = 200;

/** Reads what Alertmanager posts; what is missing or of another type counts as absent. */
export function readWebhook(json: Json): Webhook {
  const alerts = fieldOf(json, 'alerts');
  const names = (Array.isArray(alerts) ? alerts.slice(0, MOST_NAMED) : [])
    .map((alert: unknown) => asObject(fieldOf(asObject(alert), 'labels'))?.['alertname'])
    .filter((name): name is string => typeof name === 'string')
    .map((name) => name.slice(0, LONGEST_NAME));
  return {
    status: textOf(fieldOf(json, 'status'))?.slice(0, LONGEST_NAME),
    groupKey: textOf(fieldOf(json, 'groupKey')),
    receiver: textOf(fieldOf(json, 'receiver'))?.slice(0, LONGEST_NAME),
    alertNames: [...new Set(names)].slice(0, MOST_ALERT_NAMES),
    externalUrl: textOf(fieldOf(json, 'externalURL'))?.slice(0, LONGEST_NAME),
    ...readFiring(Array.isArray(alerts) ? alerts : [], fieldOf(json, 'truncatedAlerts')),
  };
}

function readFiring(
  alerts: readonly unknown[],
  truncatedAlerts: unknown,
): Pick<Webhook, 'firing' | 'truncated'> {
  const firing = alerts.flatMap((one) => {
    const alert = asObject(one);
    return alert === undefined || fieldOf(alert, 'status') === 'resolved' ? [] : identityOf(alert);
  });
  const told = typeof truncatedAlerts === 'number' && truncatedAlerts > 0 ? truncatedAlerts : 0;
  const shown = [...new Set(firing)];
  return { firing: shown.slice(0, MOST_ALERTS), truncated: told + Math.max(0, shown.length - MOST_ALERTS) };
}

/** Fingerprints are there since Alertmanager 0.19; before, the labels are what they are made of. */
function identityOf(alert: Json): readonly string[] {
  const fingerprint =
    textOf(fieldOf(alert, 'fingerprint')) ?? labelsInOrder(asObject(fieldOf(alert, 'labels')));
  if (fingerprint === undefined) return [];
  const text = `${fingerprint}@${textOf(fieldOf(alert, 'startsAt')) ?? ''}`;
  return [text.length <= LONGEST_NAME ? text : createHash('sha256').update(text).digest('base64')];
}

function labelsInOrder(labels: Json | undefined): string | undefined {
  if (labels === undefined) return undefined;
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** The object in a JSON text; `undefined` for anything else. */
export function parseObject(text: string): Json | undefined {
  if (text === '') return undefined;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** Field names count in any letter case, as in the original; the exact one wins. */
export function fieldOf(json: Json | undefined, name: string): unknown {
  if (json === undefined) return undefined;
  if (Object.hasOwn(json, name)) return json[name];
  const wanted = name.toLowerCase();
  const key = Object.keys(json).find((one) => one.toLowerCase() === wanted);
  return key === undefined ? undefined : json[key];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
