import { parseMonitorLabels, type Parameters } from '@docker-flow/labels';
import { scrapeClientOf, type ScrapeSecrets } from './scrape-client.js';
import { buildAlerts, type AlertSettings } from './alert.js';
import { fittingTimeout, portWarnings, type ServiceScrape } from './service-scrape.js';
import type { ServiceRecord } from './monitor-state.js';

export interface RecordSettings extends AlertSettings {
  /** Parameters that become labels of the targets. */
  readonly scrapeTargetLabels: readonly string[];
  readonly globalScrapeIntervalMs: number;
  readonly secrets: ScrapeSecrets;
}

/** One service as its parameters describe it. */
export function buildServiceRecord(parameters: Parameters, settings: RecordSettings): ServiceRecord {
  const { scrapeTargetLabels, globalScrapeIntervalMs } = settings;
  const labels = parseMonitorLabels(parameters, { targetLabels: scrapeTargetLabels });
  const { service, scrape } = labels;
  const fitting = fittingTimeout(service, scrape, globalScrapeIntervalMs);
  const { client, issues } = scrapeClientOf(service, scrape, settings.secrets);
  const alerts = buildAlerts(labels, settings);
  const written = {
    service,
    type: scrape.type,
    metricsPath: scrape.metricsPath,
    interval: scrape.interval?.text,
    timeout: fitting.timeout?.text,
  };
  const job: ServiceScrape | undefined =
    scrape.port === undefined
      ? undefined
      : { ...written, port: scrape.port, tasks: scrape.tasks, targetLabels: scrape.targetLabels, client };
  return {
    service,
    settings: job ?? written,
    scrape: job,
    outcomes: alerts.outcomes,
    warnings: [
      ...labels.warnings,
      ...fitting.warnings,
      ...portWarnings(scrape, service),
      ...(job ? issues : []),
      ...alerts.warnings,
    ],
  };
}
