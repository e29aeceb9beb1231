import type { Label } from '../../catalogue/label.js';
import type { Issue, Unreadable } from '../../values/parsed.js';
import { formatLabelKey } from '../../wire/label-key.js';
import type { Parameters } from '../../wire/notification.js';
import { labelIssue, readLabel } from '../read-label.js';

/** Reads the parameters of one service by label; what cannot be read becomes an issue. */
export interface MonitorReader {
  /** The value by the label's type, or what counts in its place; `undefined` when there is none. */
  read<T>(label: Label<T>, options?: ReadingOptions): T | undefined;
  /** Tells of a label that is there. */
  warn(label: Label, index: number | undefined, problem: Problem): void;
  /** What was read as if it were absent, or is written and not in force: the caller is told. */
  readonly warnings: Issue[];
}

type Problem = Pick<Unreadable, 'problem' | 'expected' | 'kind'>;

interface ReadingOptions {
  readonly index?: number | undefined;
  /** Where issues with values go that cannot be used at all; the warnings by default. */
  readonly issues?: Issue[];
}

export function createMonitorReader(service: string, parameters: Parameters): MonitorReader {
  const warnings: Issue[] = [];
  return {
    warnings,
    warn(label, index, problem) {
      const key = formatLabelKey({ name: label.name, index });
      warnings.push(labelIssue(label, { service, key, text: parameters[key] ?? '' }, problem));
    },
    read(label, { index, issues = warnings } = {}) {
      const key = formatLabelKey({ name: label.name, index: label.indexed ? index : undefined });
      const text = parameters[key];
      if (text === undefined) return undefined;
      const result = readLabel(label, text);
      if (result.ok) return result.value;
      const { instead, part = text } = result;
      (instead ? warnings : issues).push(labelIssue(label, { service, key, text: part }, result));
      return instead?.value;
    },
  };
}
