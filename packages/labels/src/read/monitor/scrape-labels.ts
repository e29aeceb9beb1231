import { readDuration, readPort } from '../label-values.js';
import type { Parameters } from '../../wire/notification.js';
import type { Issue } from '../parsed.js';
import { monitorParameter, type MonitorLabelName } from './monitor-parameters.js';
import { parseNodeInfo, type TaskAddress } from './node-info.js';
import { pickTargetLabels } from './target-labels.js';

/** A Prometheus duration: as it was written, and how long that is. */
export interface DurationText {
  readonly text: string;
  readonly ms: number;
}

/** How one service wants to be scraped. */
export interface ScrapeLabels {
  /** `undefined`: not at all. */
  readonly port: number | undefined;
  /** As given, empty when absent; only `static_configs` has a meaning. */
  readonly type: string;
  readonly metricsPath: string | undefined;
  readonly interval: DurationText | undefined;
  readonly timeout: DurationText | undefined;
  /** Running tasks; empty when they are to be found through DNS. */
  readonly tasks: readonly TaskAddress[];
  /** Labels for every target, from the service's own parameters. */
  readonly targetLabels: Readonly<Record<string, string>>;
}

export interface ScrapeLabelsResult {
  readonly scrape: ScrapeLabels;
  /** Values that were left out. */
  readonly warnings: readonly Issue[];
  /** Values that count as absent, as they always did. */
  readonly unread: readonly Issue[];
}

/** Reads the scrape parameters of one service; `listed` names the parameters that become target labels. */
export function parseScrapeLabels(
  service: string,
  parameters: Parameters,
  listed: readonly string[],
): ScrapeLabelsResult {
  const warnings: Issue[] = [];
  const unread: Issue[] = [];
  const about = (label: MonitorLabelName, value: string, problem: string, expected: string): Issue => ({
    service,
    label,
    value,
    problem,
    expected,
  });

  function readPortLabel(): number | undefined {
    const text = monitorParameter(parameters, 'scrapePort');
    if (text === undefined) return undefined;
    const port = readPort(text);
    if (port.ok) return port.value;
    unread.push(about('scrapePort', text, `${port.problem}; the service is not scraped`, port.expected));
    return undefined;
  }

  function readDurationLabel(label: 'scrapeInterval' | 'scrapeTimeout'): DurationText | undefined {
    const text = monitorParameter(parameters, label);
    if (text === undefined) return undefined;
    const duration = readPrometheusDuration(text);
    if (duration) return duration;
    warnings.push(
      about(label, text, 'is not a duration and is left out', 'a Prometheus duration such as 30s or 1h30m'),
    );
    return undefined;
  }

  function readTasks(): readonly TaskAddress[] {
    const text = monitorParameter(parameters, 'nodeInfo');
    if (text === undefined) return [];
    const info = parseNodeInfo(text);
    const expected = 'a JSON list of [nodeName, address, nodeId]';
    if (!info) {
      if (text !== 'null') unread.push(about('nodeInfo', text, 'cannot be read', expected));
      return [];
    }
    if (info.skipped > 0)
      warnings.push(
        about(
          'nodeInfo',
          text,
          `has ${info.skipped} entries without a usable address; they are skipped`,
          expected,
        ),
      );
    return info.tasks;
  }

  const scrape: ScrapeLabels = {
    port: readPortLabel(),
    type: monitorParameter(parameters, 'scrapeType') ?? '',
    metricsPath: monitorParameter(parameters, 'metricsPath'),
    interval: readDurationLabel('scrapeInterval'),
    timeout: readDurationLabel('scrapeTimeout'),
    tasks: readTasks(),
    targetLabels: pickTargetLabels(parameters, listed),
  };
  return { scrape, warnings, unread };
}

/** Go counts durations in 64 bits of nanoseconds; Prometheus refuses what does not fit. */
const LONGEST_MS = 2 ** 63 / 1e6;

/** A duration that Prometheus accepts, or `undefined`. */
export function readPrometheusDuration(text: string): DurationText | undefined {
  const duration = readDuration(text);
  return duration.ok && duration.value < LONGEST_MS ? { text, ms: duration.value } : undefined;
}
