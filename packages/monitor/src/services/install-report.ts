import type { Logger } from '@docker-flow/daemon/log/logger';
import { formatIssue } from '@docker-flow/labels';
import {
  acceptedAlerts,
  rejectedAlerts,
  type MonitorState,
  type ServiceRecord,
} from '../core/services/monitor-state.js';
import { allWarnings, warningsOf } from '../core/services/service-warnings.js';
import { memoizeByIdentity } from '../core/text/memoize.js';
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
  /** A service was described anew, and is part of this state. */
  record(record: ServiceRecord, state: MonitorState): void;
  /** How much there is now. */
  sizes(state: MonitorState, rejectedParts: number): void;
  lastReload(): LastReload;
}

// Most services are the same as in the run before.
const countsOf = memoizeByIdentity((record: ServiceRecord) => ({
  accepted: acceptedAlerts(record).length,
  rejected: rejectedAlerts(record).length,
}));

type Line = readonly [message: string, fields: Readonly<Record<string, string>>];

export function createInstallReport({
  metrics,
  logger,
}: {
  readonly metrics: MonitorMetrics;
  readonly logger: Logger;
}): InstallReport {
  let last: LastReload = { result: 'never', reason: undefined, at: undefined, lastGoodAt: undefined };
  /** What the log knows already, by service. */
  const told = new Map<string, ReadonlySet<string>>();
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
    record(record, state) {
      const { service } = record;
      const rejected = rejectedAlerts(record);
      metrics.rejected(rejected.length);
      const lines = [
        ...rejected.map(({ alertName, reason }): Line => [
          'Alert is rejected',
          { service, alertName, reason },
        ]),
        ...warningsOf(state, record).map((issue): Line => [
          'Label cannot be used as it is',
          { service, label: issue.label, reason: formatIssue(issue) },
        ]),
      ];
      // A listener sends the same again and again; it is told once.
      const before = told.get(service);
      told.set(service, new Set(lines.map((line) => JSON.stringify(line))));
      for (const [message, fields] of lines)
        if (before?.has(JSON.stringify([message, fields])) !== true) logger.warn(message, fields);
    },
    sizes(state, rejectedParts) {
      const { services, nodes } = state;
      for (const service of told.keys()) if (!services.has(service)) told.delete(service);
      const warnings = allWarnings(state);
      metrics.warnings(warnings);
      const records = [...services.values()];
      const count = (of: (record: ServiceRecord) => number) =>
        records.reduce((sum, record) => sum + of(record), 0);
      metrics.sizes({
        services: records.length,
        jobs: count(({ scrape }) => (scrape ? 1 : 0)),
        alerts: count((record) => countsOf(record).accepted),
        rejectedAlerts: count((record) => countsOf(record).rejected),
        nodes: nodes.size,
        unreadableLabels: warnings.length,
        rejectedParts,
      });
    },
    lastReload: () => last,
  };
}
