import { MONITOR_LABELS as LABELS } from '../../catalogue/monitor.js';
import { nameIssues } from '../../names/name-issues.js';
import type { Issue } from '../../values/parsed.js';
import type { Parameters } from '../../wire/notification.js';
import { readAlertLabels, type AlertLabels } from './alert-labels.js';
import { monitorParameter } from './monitor-parameters.js';
import { createMonitorReader } from './monitor-reader.js';
import { readScrapeLabels, type ScrapeLabels } from './scrape-labels.js';
import { metricLabelName } from './target-labels.js';

/** Everything the monitor reads of one service. */
export interface MonitorLabels {
  readonly service: string;
  /** 0 when absent or not a whole number. */
  readonly replicas: number;
  readonly scrape: ScrapeLabels;
  readonly alerts: readonly AlertLabels[];
  /** What was read as if it were absent, or is written and not in force: the caller is told. */
  readonly warnings: readonly Issue[];
}

const SERVICE_NAME = /^[A-Za-z0-9_.:[\]-]+$/;

/** Leaves room for the ending of a file name and for the name of its temporary file. */
const LONGEST_NAME = 230;

/**
 * Whether this can be the name of a service or of a host. It becomes a file name, a DNS name and part of
 * PromQL, so nothing else may stand in it, and it is no name of a directory.
 */
export function isServiceName(text: string): boolean {
  return text.length <= LONGEST_NAME && SERVICE_NAME.test(text) && !/^\.+$/.test(text);
}

/**
 * Reads the parameters of one service (in the form of {@link canonicalMonitorParameters}). Never throws:
 * what cannot be read is reported and costs only its own scrape or alert. `targetLabels` names the
 * parameters that become labels of the targets.
 */
export function parseMonitorLabels(
  parameters: Parameters,
  { targetLabels = [] }: { readonly targetLabels?: readonly string[] } = {},
): MonitorLabels {
  const service = monitorParameter(parameters, 'serviceName') ?? '';
  const reader = createMonitorReader(service, parameters);
  return {
    service,
    replicas: reader.read(LABELS.replicas) ?? 0,
    scrape: readScrapeLabels(reader, parameters, targetLabels),
    alerts: readAlertLabels(reader, parameters),
    warnings: [
      ...reader.warnings,
      ...nameIssues(parameters, {
        service,
        reader: 'monitor',
        knownNames: listedNames(parameters, targetLabels),
      }),
    ],
  };
}

/** Names of parameters that become labels of the targets. */
function listedNames(parameters: Parameters, targetLabels: readonly string[]): readonly string[] {
  const listed = new Set(targetLabels.map(metricLabelName));
  return Object.keys(parameters).filter((name) => listed.has(metricLabelName(name)));
}
