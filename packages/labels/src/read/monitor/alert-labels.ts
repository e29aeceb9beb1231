import { readBoolean } from '../label-values.js';
import { formatLabelKey, parseLabelKey } from '../../wire/label-key.js';
import type { Parameters } from '../../wire/notification.js';
import type { Issue } from '../parsed.js';
import { monitorParameter, type MonitorLabelName } from './monitor-parameters.js';
import { parseNameValueList } from './name-value-list.js';

/** One alert as its labels say it; the condition may still be a shortcut. */
export interface AlertLabels {
  /** `undefined` for the alert without number. */
  readonly index: number | undefined;
  readonly name: string;
  readonly condition: string;
  /** Empty when absent; not yet checked. */
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly persistent: boolean;
}

export interface AlertLabelsResult {
  /** The one without number first, then by number. Alerts without name or condition are left out silently. */
  readonly alerts: readonly AlertLabels[];
  readonly warnings: readonly Issue[];
  readonly unread: readonly Issue[];
}

/** Reads all alerts of one service; the numbers may have gaps. */
export function parseAlertLabels(service: string, parameters: Parameters): AlertLabelsResult {
  const warnings: Issue[] = [];
  const unread: Issue[] = [];
  const alerts = alertNumbers(parameters).flatMap((index) => {
    const name = monitorParameter(parameters, 'alertName', index)?.trim() ?? '';
    const condition = monitorParameter(parameters, 'alertIf', index)?.trim() ?? '';
    if (name === '' || condition === '') return [];
    const readPairs = (label: 'alertLabels' | 'alertAnnotations') => {
      const text = monitorParameter(parameters, label, index) ?? '';
      const pairs = parseNameValueList(text, { trimValues: label === 'alertLabels' });
      warnings.push(
        ...pairs.dropped.map((piece) => ({
          ...issueOf(service, label, index, piece),
          problem: 'is no name=value and is dropped',
          expected: 'name=value joined by commas',
        })),
      );
      return pairs.entries;
    };
    return [
      {
        index,
        name,
        condition,
        for: monitorParameter(parameters, 'alertFor', index)?.trim() ?? '',
        labels: readPairs('alertLabels'),
        annotations: readPairs('alertAnnotations'),
        persistent: readPersistent(service, parameters, index, unread),
      },
    ];
  });
  return { alerts, warnings, unread };
}

function alertNumbers(parameters: Parameters): readonly (number | undefined)[] {
  const numbers = new Set<number>();
  for (const key of Object.keys(parameters)) {
    const { name, index } = parseLabelKey(key);
    if (name === 'alertName' && index !== undefined) numbers.add(index);
  }
  return [undefined, ...[...numbers].sort((a, b) => a - b)];
}

function readPersistent(
  service: string,
  parameters: Parameters,
  index: number | undefined,
  unread: Issue[],
): boolean {
  const text = monitorParameter(parameters, 'alertPersistent', index);
  if (text === undefined) return false;
  // A checkbox of an HTML form sends `on`.
  if (text === 'on') return true;
  const flag = readBoolean(text);
  if (flag.ok) return flag.value;
  unread.push({
    ...issueOf(service, 'alertPersistent', index, text),
    problem: flag.problem,
    expected: flag.expected,
  });
  return false;
}

function issueOf(service: string, name: MonitorLabelName, index: number | undefined, value: string) {
  return { service, label: formatLabelKey({ name, index }), value };
}
