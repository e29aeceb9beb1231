import type { Logger } from '@docker-flow/daemon/log/logger';
import { formatIssue } from '@docker-flow/labels';
import {
  acceptedAlerts,
  rejectedAlerts,
  type MonitorState,
  type ServiceRecord,
} from '../core/services/monitor-state.js';
import type { Installed } from '../install/installer.js';
import type { MonitorMetrics } from '../metrics.js';

export interface LastReload {
  readonly result: 'live' | 'rejected' | 'failed' | 'never';
  readonly reason: string | undefined;
  readonly at: Date | undefined;
  readonly lastGoodAt: Date | undefined;
}

/** Tells the log, the metrics and the status what became of changes. */
export interface InstallReport {
  /** One run has ended; `seconds` is how long it took. */
  reload(reload: Installed['reload'], seconds: number): void;
  /** A service was described anew. */
  record(record: ServiceRecord): void;
  /** How much there is now. */
  sizes(state: MonitorState, rejectedParts: number): void;
  lastReload(): LastReload;
}

export function createInstallReport({
  metrics,
  logger,
}: {
  readonly metrics: MonitorMetrics;
  readonly logger: Logger;
}): InstallReport {
  let last: LastReload = { result: 'never', reason: undefined, at: undefined, lastGoodAt: undefined };
  return {
    reload(reload, seconds) {
      if (reload.kind === 'unchanged') return;
      const at = new Date();
      metrics.reloaded(reload.kind, seconds);
      if (reload.kind === 'live') {
        last = { result: 'live', reason: undefined, at, lastGoodAt: at };
        logger.debug('Configuration is live', { seconds });
        return;
      }
      const isNew = last.result !== reload.kind || last.reason !== reload.reason;
      last = { result: reload.kind, reason: reload.reason, at, lastGoodAt: last.lastGoodAt };
      // It is tried again every few seconds, and told once.
      if (isNew) logger.error('Configuration is not live', { result: reload.kind, reason: reload.reason });
    },
    /** The owner of the service reads this in the log; the answer goes to the listener only. */
    record(record) {
      const { service } = record;
      const rejected = rejectedAlerts(record);
      metrics.rejected(rejected.length);
      for (const { alertName, reason } of rejected)
        logger.warn('Alert is rejected', { service, alertName, reason });
      for (const issue of [...record.warnings, ...record.unread])
        logger.warn('Label cannot be used as it is', {
          service,
          label: issue.label,
          reason: formatIssue(issue),
        });
    },
    sizes({ services, nodes }, rejectedParts) {
      const records = [...services.values()];
      const count = (of: (record: ServiceRecord) => number) =>
        records.reduce((sum, record) => sum + of(record), 0);
      metrics.sizes({
        services: records.length,
        jobs: count(({ scrape }) => (scrape ? 1 : 0)),
        alerts: count((record) => acceptedAlerts(record).length),
        rejectedAlerts: count((record) => rejectedAlerts(record).length),
        nodes: nodes.size,
        unreadableLabels: count(({ warnings, unread }) => warnings.length + unread.length),
        rejectedParts,
      });
    },
    lastReload: () => last,
  };
}
