import { MONITOR_LABELS as LABELS } from '../../catalogue/monitor.js';
import type { Label } from '../../catalogue/label.js';
import type { Issue } from '../../values/parsed.js';
import { formatLabelKey, parseLabelKey } from '../../wire/label-key.js';
import type { Parameters } from '../../wire/notification.js';
import type { MonitorReader } from './monitor-reader.js';

const OF_ALERTS: readonly Label[] = [
  LABELS.alertName,
  LABELS.alertIf,
  LABELS.alertFor,
  LABELS.alertKeepFiringFor,
  LABELS.alertLabels,
  LABELS.alertAnnotations,
  LABELS.alertPersistent,
];
const NAMES = new Set(OF_ALERTS.map(({ name }) => name));

/** One alert as its labels say it; the condition may still be a shortcut. */
export interface AlertLabels {
  /** `undefined` for the alert without number. */
  readonly index: number | undefined;
  readonly name: string;
  readonly condition: string;
  /** Empty when absent. */
  readonly for: string;
  /** Empty when absent. */
  readonly keepFiringFor: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly persistent: boolean;
  /** Why the alert cannot be installed. */
  readonly problems: readonly Issue[];
}

/**
 * Reads all alerts of one service, the one without number first, then by number; the numbers may have
 * gaps. Alerts without name or condition are left out and told.
 */
export function readAlertLabels(reader: MonitorReader, parameters: Parameters): readonly AlertLabels[] {
  return alertNumbers(parameters).flatMap((index) => {
    const name = reader.read(LABELS.alertName, { index });
    const condition = reader.read(LABELS.alertIf, { index });
    if (name !== undefined && condition !== undefined) return [readAlert(reader, { index, name, condition })];
    tellOfHalf(reader, parameters, { index, name, condition });
    return [];
  });
}

/** Half an alert is none. */
function tellOfHalf(
  reader: MonitorReader,
  parameters: Parameters,
  {
    index,
    name,
    condition,
  }: Readonly<Record<'name' | 'condition', string | undefined>> & Pick<AlertLabels, 'index'>,
): void {
  const own = (label: Label) => formatLabelKey({ name: label.name, index });
  const lacking = (label: Label) => ({
    problem: `is of an alert without ${own(label)}, which is not there`,
    expected: own(label),
    kind: 'incomplete' as const,
  });
  if (name !== undefined) reader.warn(LABELS.alertName, index, lacking(LABELS.alertIf));
  else if (condition !== undefined) reader.warn(LABELS.alertIf, index, lacking(LABELS.alertName));
  else
    for (const label of OF_ALERTS)
      if ((parameters[own(label)] ?? '').trim() !== '')
        reader.warn(label, index, {
          problem: `has no effect: there is no alert with ${own(LABELS.alertName)} and ${own(LABELS.alertIf)}`,
          expected: `${own(LABELS.alertName)} and ${own(LABELS.alertIf)}`,
          kind: 'incomplete',
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
    keepFiringFor: reader.read(LABELS.alertKeepFiringFor, { index, issues: problems })?.text ?? '',
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
    if (index !== undefined && NAMES.has(name)) numbers.add(index);
  }
  return [undefined, ...[...numbers].sort((a, b) => a - b)];
}
