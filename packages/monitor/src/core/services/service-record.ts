import { parseMonitorLabels, type Parameters } from '@docker-flow/labels';
import { buildAlerts } from './alert.js';
import { fittingTimeout, type ServiceScrape } from './service-scrape.js';
import type { Shortcuts } from '../shortcuts/shortcut.js';
import type { ServiceRecord } from './monitor-state.js';

export interface RecordSettings {
  readonly shortcuts: Shortcuts;
  /** Parameters that become labels of the targets. */
  readonly scrapeTargetLabels: readonly string[];
  readonly globalScrapeIntervalMs: number;
}

/** One service as its parameters describe it. */
export function buildServiceRecord(
  parameters: Parameters,
  { shortcuts, scrapeTargetLabels, globalScrapeIntervalMs }: RecordSettings,
): ServiceRecord {
  const labels = parseMonitorLabels(parameters, { targetLabels: scrapeTargetLabels });
  const { service, scrape } = labels;
  const { timeout, warnings } = fittingTimeout(service, scrape, globalScrapeIntervalMs);
  const settings = {
    service,
    type: scrape.type,
    metricsPath: scrape.metricsPath,
    interval: scrape.interval?.text,
    timeout: timeout?.text,
  };
  const job: ServiceScrape | undefined =
    scrape.port === undefined
      ? undefined
      : { ...settings, port: scrape.port, tasks: scrape.tasks, targetLabels: scrape.targetLabels };
  return {
    service,
    settings: job ?? settings,
    scrape: job,
    outcomes: buildAlerts(labels, shortcuts),
    warnings: [...labels.warnings, ...warnings],
    unread: labels.unread,
  };
}
