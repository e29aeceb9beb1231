import { createReconciler } from '@docker-flow/daemon/concurrency/reconciler';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { formatIssue, type Parameters } from '@docker-flow/labels';
import type { Alert } from '../core/services/alert.js';
import { servicePart } from '../core/files/build.js';
import { buildServiceRecord, type RecordSettings } from '../core/services/service-record.js';
import {
  acceptedAlerts,
  applyChanges,
  EMPTY_STATE,
  rejectAlerts,
  rejectedAlerts,
  type Change,
  type Removed,
  type ServiceRecord,
  type MonitorState,
} from '../core/services/monitor-state.js';
import type { Installed, Installer } from '../install/installer.js';
import type { MonitorMetrics, NotificationKind } from '../metrics.js';

/** What became of one change, once it is live or has failed. */
export interface Outcome {
  /** The service as it is now in force; `undefined` for changes that are not about one. */
  readonly record: ServiceRecord | undefined;
  /** Why the job of the service is not in the configuration although it has one; `undefined` when it is. */
  readonly jobRejection: string | undefined;
  readonly removed: Removed;
  /** Why the new state is not live; `undefined` when it is. */
  readonly failure: string | undefined;
}

export interface LastReload {
  readonly result: 'live' | 'rejected' | 'failed' | 'never';
  readonly reason: string | undefined;
  readonly at: Date | undefined;
  readonly lastGoodAt: Date | undefined;
}

/** The state, and the one queue through which everything changes it. */
export interface Monitor {
  /** Changes one thing and answers when Prometheus runs it, or when that has failed. */
  submit(change: Change, kind: NotificationKind): Promise<Outcome>;
  /** Changes things that nobody waits for; reloads only if the files change. */
  merge(changes: readonly Change[]): void;
  describe(parameters: Parameters): ServiceRecord;
  /** What `describe` says, with PromQL checked and nothing installed. */
  dryRun(parameters: Parameters): Promise<ServiceRecord>;
  /** Writes the first files. Nothing is reloaded: Prometheus is started afterwards. */
  load(): Promise<void>;
  state(): MonitorState;
  lastReload(): LastReload;
  readonly actor: Actor;
}

export interface MonitorOptions {
  readonly installer: Installer;
  readonly settings: RecordSettings;
  readonly metrics: MonitorMetrics;
  readonly logger: Logger;
  /** After each batch of changes, installed or not. */
  readonly onInstalled?: () => void;
  /** Pause before a reload that has failed is tried again, if nothing else comes before. */
  readonly retryMs?: number;
}

interface Entry {
  readonly change: Change;
  /** Absent when nobody waits. */
  readonly settle?: (outcome: Outcome) => void;
}

const RETRY_MS = 5_000;
const STOPPING = 'the monitor is stopping';
const NOTHING_REMOVED: Removed = { scrape: undefined, alerts: [], node: undefined };

function failedOutcome(failure: string): Outcome {
  return { record: undefined, jobRejection: undefined, removed: NOTHING_REMOVED, failure };
}

export function createMonitor(options: MonitorOptions): Monitor {
  const { installer, settings, metrics, logger, retryMs = RETRY_MS } = options;
  let queue: Entry[] = [];
  let isRetryDue = false;
  let isStopped = false;
  let state: MonitorState = EMPTY_STATE;
  let last: LastReload = { result: 'never', reason: undefined, at: undefined, lastGoodAt: undefined };

  /** All entries up to the first that is about something already in the batch: each state gets its turn. */
  function takeBatch(): readonly Entry[] {
    const subjects = new Set<string>();
    const end = queue.findIndex(({ change }) => {
      const subject = subjectOf(change);
      return subjects.size === subjects.add(subject).size;
    });
    const batch = end < 0 ? queue : queue.slice(0, end);
    queue = end < 0 ? [] : queue.slice(end);
    return batch;
  }

  async function process(batch: readonly Entry[]): Promise<void> {
    const begunAt = performance.now();
    const next = applyChanges(
      state,
      batch.map(({ change }) => change),
    );
    const mode = batch.some(({ settle }) => settle) ? 'reload' : 'reload-if-changed';
    const installed = await installer.install(next.state, { mode, rejectsNewParts: batch.length === 1 });
    if (installed.reload.kind === 'rejected' && batch.length > 1) {
      // Somebody's part is bad, and only Prometheus itself has noticed: find out whose.
      for (const entry of batch) await process([entry]);
      return;
    }
    state = installed.state;
    noteReload(installed.reload, (performance.now() - begunAt) / 1000);
    const failure =
      installed.reload.kind === 'failed' || installed.reload.kind === 'rejected'
        ? installed.reload.reason
        : undefined;
    const rejectedParts = installer.rejectedParts();
    for (const [i, { change, settle }] of batch.entries()) {
      const record = change.kind === 'put-service' ? state.services.get(change.record.service) : undefined;
      if (record) noteRecord(record);
      const jobRejection = record && rejectedParts.get(servicePart(record.service));
      settle?.({ record, jobRejection, removed: next.removed[i] ?? NOTHING_REMOVED, failure });
    }
  }

  function noteReload(reload: Installed['reload'], seconds: number): void {
    noteSizes();
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
  }

  function noteSizes(): void {
    const records = [...state.services.values()];
    const count = (of: (record: ServiceRecord) => number) =>
      records.reduce((sum, record) => sum + of(record), 0);
    metrics.sizes({
      services: records.length,
      jobs: count(({ scrape }) => (scrape ? 1 : 0)),
      alerts: count((record) => acceptedAlerts(record).length),
      rejectedAlerts: count((record) => rejectedAlerts(record).length),
      nodes: state.nodes.size,
      unreadableLabels: count(({ warnings, unread }) => warnings.length + unread.length),
      rejectedParts: installer.rejectedParts().size,
    });
  }

  /** The owner of the service reads this in the log; the answer goes to the listener only. */
  function noteRecord(record: ServiceRecord): void {
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
  }

  async function run(signal: AbortSignal): Promise<void> {
    const batch = takeBatch();
    if (batch.length === 0 && last.result !== 'failed') return;
    try {
      await process(batch);
    } catch (error) {
      logger.error('Changes could not be installed', { err: error });
      const failure = `the change could not be installed: ${messageOf(error)}`;
      for (const { settle } of batch) settle?.(failedOutcome(failure));
    }
    options.onInstalled?.();
    if (queue.length > 0) reconciler.trigger();
    if (last.result === 'failed') void retry(signal);
  }

  /** What is on disk would otherwise wait for the next notification. */
  async function retry(signal: AbortSignal): Promise<void> {
    if (isRetryDue) return;
    isRetryDue = true;
    await sleep(retryMs, signal);
    isRetryDue = false;
    if (last.result === 'failed') reconciler.trigger();
  }

  const reconciler = createReconciler({ reconcile: run });

  /** Nobody may be left waiting when the program ends. */
  function failAll(): void {
    for (const { settle } of queue) settle?.(failedOutcome(STOPPING));
    queue = [];
  }

  return {
    submit(change, kind) {
      metrics.notified(kind);
      if (isStopped) return Promise.resolve(failedOutcome(STOPPING));
      return new Promise((resolve) => {
        queue.push({ change, settle: resolve });
        reconciler.trigger();
      });
    },
    merge(changes) {
      for (const change of changes) {
        metrics.notified('pull');
        queue.push({ change });
      }
      reconciler.trigger();
    },
    describe: (parameters) => buildServiceRecord(parameters, settings),
    async dryRun(parameters) {
      const record = buildServiceRecord(parameters, settings);
      const reasons = await installer.checkAlerts(acceptedAlerts(record));
      const alone: MonitorState = { services: new Map([[record.service, record]]), nodes: new Map() };
      const checked = rejectAlerts(alone, (alert: Alert) => reasons.get(alert));
      return checked.services.get(record.service) ?? record;
    },
    async load() {
      const entries = queue;
      queue = [];
      const next = applyChanges(
        state,
        entries.map(({ change }) => change),
      );
      const write = (all: MonitorState) => installer.install(all, { mode: 'write', rejectsNewParts: false });
      let installed = await write(next.state);
      if (!installer.canCheck() && entries.length > 0) {
        // Prometheus would not even start with what it does not want; when it runs, it goes back to what it had.
        installed = await write(state);
        queue = [...entries, ...queue];
        reconciler.trigger();
      }
      state = installed.state;
      noteSizes();
      for (const record of state.services.values()) noteRecord(record);
      if (installed.reload.kind !== 'live') throw new Error(`start-up: ${JSON.stringify(installed.reload)}`);
    },
    state: () => state,
    lastReload: () => last,
    actor: {
      name: 'monitor',
      async run(signal) {
        await reconciler.run(signal);
        isStopped = true;
        failAll();
      },
    },
  };
}

function subjectOf(change: Change): string {
  switch (change.kind) {
    case 'put-service':
      return `service ${change.record.service}`;
    case 'remove-service':
    case 'forget-service':
      return `service ${change.service}`;
    case 'put-node':
    case 'remove-node':
      return `node ${change.id}`;
  }
}
