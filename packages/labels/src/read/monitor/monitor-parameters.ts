import { listLabels, type Label } from '../../catalogue/label.js';
import { MONITOR_LABELS } from '../../catalogue/monitor.js';
import { formatLabelKey, parseLabelKey } from '../../wire/label-key.js';
import type { Parameters, QueryPair } from '../../wire/notification.js';

/** A parameter name that the catalogue of the monitor knows, without index. */
export type MonitorLabelName = keyof typeof MONITOR_LABELS;

const CATALOGUE_NAMES = new Map<string, Label>(
  listLabels<Label>(MONITOR_LABELS).map((label) => [label.name.toLowerCase(), label]),
);

/**
 * The parameters of one request or row under the names of the catalogue, whatever their letter case
 * was; names the monitor does not know stay as they are (they may be target labels). Of repeated names
 * the last value counts.
 */
export function canonicalMonitorParameters(pairs: Iterable<QueryPair>): Parameters {
  const result: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of pairs) result[canonicalName(name)] = value;
  return result;
}

function canonicalName(name: string): string {
  const key = parseLabelKey(name);
  const known = CATALOGUE_NAMES.get(key.name.toLowerCase());
  if (!known || (key.index !== undefined && !known.indexed)) return name;
  return formatLabelKey({ name: known.name, index: key.index });
}

/** The value of one parameter; an empty one counts as absent. */
export function monitorParameter(
  parameters: Parameters,
  name: MonitorLabelName,
  index?: number,
): string | undefined {
  const value = parameters[formatLabelKey({ name, index })];
  return value === '' ? undefined : value;
}
