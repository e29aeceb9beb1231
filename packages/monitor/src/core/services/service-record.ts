import { parseMonitorLabels, type Parameters } from '@docker-flow/labels';
import { buildAlerts } from './alert.js';
import { fittingTimeout, type ServiceScrape } from './service-scrape.js';
import type { ShownScrape } from '../../api/answers.js';
import type { Shortcuts } from '../shortcuts/shortcut.js';
import type { ServiceRecord } from './tables.js';

export interface RecordSettings {
  readonly shortcuts: Shortcuts;
  /** Parameters that become labels of the targets. */
  readonly scrapeTargetLabels: readonly string[];
  readonly globalScrapeIntervalMs: number;
}

/** One service as its parameters describe it, and what the answer shows of its scrape settings. */
export function buildServiceRecord(
  parameters: Parameters,
  { shortcuts, scrapeTargetLabels, globalScrapeIntervalMs }: RecordSettings,
): { readonly record: ServiceRecord; readonly shown: ShownScrape } {
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
    record: {
      service,
      scrape: job,
      outcomes: buildAlerts(labels, shortcuts),
      warnings: [...labels.warnings, ...warnings],
      unread: labels.unread,
    },
    shown: job ?? settings,
  };
}
