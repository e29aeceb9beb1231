import { MONITOR_LABELS as LABELS } from '../../catalogue/monitor.js';
import type { DurationText } from '../../catalogue/types/duration.js';
import type { TaskAddress } from '../../catalogue/types/node-info.js';
import type { Parameters } from '../../wire/notification.js';
import type { MonitorReader } from './monitor-reader.js';
import { pickTargetLabels } from './target-labels.js';

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

/** Reads the scrape parameters of one service; `listed` names the parameters that become target labels. */
export function readScrapeLabels(
  reader: MonitorReader,
  parameters: Parameters,
  listed: readonly string[],
): ScrapeLabels {
  const { warnings } = reader;
  return {
    port: reader.read(LABELS.scrapePort),
    type: reader.read(LABELS.scrapeType) ?? '',
    metricsPath: reader.read(LABELS.metricsPath),
    interval: reader.read(LABELS.scrapeInterval, { issues: warnings }),
    timeout: reader.read(LABELS.scrapeTimeout, { issues: warnings }),
    tasks: reader.read(LABELS.nodeInfo) ?? [],
    targetLabels: pickTargetLabels(parameters, listed),
  };
}
