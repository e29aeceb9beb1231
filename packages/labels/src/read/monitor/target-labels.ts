import type { Parameters } from '../../wire/notification.js';

const LABEL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The name under which Prometheus knows a label: dashes and dots become underscores. */
export function metricLabelName(name: string): string {
  return name.replace(/[-.]/g, '_');
}

/** Whether Prometheus accepts this as the name of a label. */
export function isMetricLabelName(name: string): boolean {
  return LABEL_NAME.test(name);
}

/**
 * Those of the listed parameters that have a value, under the names Prometheus knows. Names are compared
 * after turning dashes into underscores on both sides; an exact match wins.
 */
export function pickTargetLabels(
  parameters: Parameters,
  listed: readonly string[],
): Readonly<Record<string, string>> {
  if (listed.length === 0) return {};
  const byMetricName = new Map<string, string>();
  for (const [name, value] of Object.entries(parameters))
    if (value !== '') byMetricName.set(metricLabelName(name), value);
  const result: Record<string, string> = {};
  for (const name of listed) {
    const metricName = metricLabelName(name);
    const exact = parameters[name] === '' ? undefined : parameters[name];
    const value = exact ?? byMetricName.get(metricName);
    if (value !== undefined && isMetricLabelName(metricName)) result[metricName] = value;
  }
  return result;
}
