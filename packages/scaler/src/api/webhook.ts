/** An object that came as JSON, nothing known of its members. */
export type Json = Readonly<Record<string, unknown>>;

/** What is used of an Alertmanager webhook beside its group labels. */
export interface Webhook {
  readonly status: string | undefined;
  readonly groupKey: string | undefined;
  readonly receiver: string | undefined;
  readonly alertNames: readonly string[];
}

const MOST_ALERT_NAMES = 5;
const MOST_ALERTS = 100;
const LONGEST_NAME = 200;

/** Reads what Alertmanager posts; what is missing or of another type counts as absent. */
export function readWebhook(json: Json): Webhook {
  const alerts = fieldOf(json, 'alerts');
  const names = (Array.isArray(alerts) ? alerts.slice(0, MOST_ALERTS) : [])
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
