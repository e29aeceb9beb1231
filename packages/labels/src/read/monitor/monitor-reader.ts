import type { Label } from '../../catalogue/label.js';
import type { Issue } from '../../values/parsed.js';
import { formatLabelKey } from '../../wire/label-key.js';
import type { Parameters } from '../../wire/notification.js';
import { labelIssue, readLabel } from '../read-label.js';

/** Reads the parameters of one service by label; what cannot be read becomes an issue. */
export interface MonitorReader {
  /** The value by the label's type, or what counts in its place; `undefined` when there is none. */
  read<T>(label: Label<T>, options?: ReadingOptions): T | undefined;
  /** Values that count as absent, as they always did: the log and the status tell. */
  readonly unread: Issue[];
  /** Things that were dropped or corrected: the caller is told. */
  readonly warnings: Issue[];
}

interface ReadingOptions {
  readonly index?: number | undefined;
  /** Where issues with values go that cannot be used at all; those of `unread` by default. */
  readonly issues?: Issue[];
}

export function createMonitorReader(service: string, parameters: Parameters): MonitorReader {
  const unread: Issue[] = [];
  const warnings: Issue[] = [];
  return {
    unread,
    warnings,
    read(label, { index, issues = unread } = {}) {
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
