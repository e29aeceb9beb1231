import { MONITOR_LABELS as LABELS } from '../../catalogue/monitor.js';
import type { Issue } from '../../values/parsed.js';
import { parseLabelKey } from '../../wire/label-key.js';
import type { Parameters } from '../../wire/notification.js';
import type { MonitorReader } from './monitor-reader.js';

/** One alert as its labels say it; the condition may still be a shortcut. */
export interface AlertLabels {
  /** `undefined` for the alert without number. */
  readonly index: number | undefined;
  readonly name: string;
  readonly condition: string;
  /** Empty when absent. */
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly persistent: boolean;
  /** Why the alert cannot be installed. */
  readonly problems: readonly Issue[];
}

/**
 * Reads all alerts of one service, the one without number first, then by number; the numbers may have
 * gaps. Alerts without name or condition are left out silently.
 */
export function readAlertLabels(reader: MonitorReader, parameters: Parameters): readonly AlertLabels[] {
  return alertNumbers(parameters).flatMap((index) => {
    const name = reader.read(LABELS.alertName, { index });
    const condition = reader.read(LABELS.alertIf, { index });
    return name === undefined || condition === undefined
      ? []
      : [readAlert(reader, { index, name, condition })];
  });
}

function readAlert(
  reader: MonitorReader,
  alert: Pick<AlertLabels, 'index' | 'name' | 'condition'>,
): AlertLabels {
  const { index } = alert;
  const problems: Issue[] = [];
  return {
    ...alert,
    for: reader.read(LABELS.alertFor, { index, issues: problems })?.text ?? '',
    labels: reader.read(LABELS.alertLabels, { index }) ?? {},
    annotations: reader.read(LABELS.alertAnnotations, { index }) ?? {},
    persistent: reader.read(LABELS.alertPersistent, { index }) ?? false,
    problems,
  };
}

function alertNumbers(parameters: Parameters): readonly (number | undefined)[] {
  const numbers = new Set<number>();
  for (const key of Object.keys(parameters)) {
    const { name, index } = parseLabelKey(key);
    if (name === LABELS.alertName.name && index !== undefined) numbers.add(index);
  }
  return [undefined, ...[...numbers].sort((a, b) => a - b)];
}
