import { createChangeReconciler } from '@docker-flow/daemon/concurrency/change-reconciler';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { servicePart } from '../core/files/build.js';
import {
  applyChanges,
  EMPTY_STATE,
  NOTHING_REMOVED,
  subjectOf,
  type Change,
  type MonitorState,
  type Removed,
  type ServiceRecord,
} from '../core/services/monitor-state.js';
import type { Installer } from '../install/installer.js';
import type { InstallReport } from './install-report.js';

/** What became of one change, once Prometheus runs it or that has failed. */
export interface Verdict {
  /** The service as it is now; `undefined` for changes that do not describe one. */
  readonly record: ServiceRecord | undefined;
  /** Why the scrape job of the service is rejected; `undefined` when it is not. */
  readonly jobRejection: string | undefined;
  readonly removed: Removed;
  /** Why the new state is not live; `undefined` when it is. */
  readonly failure: string | undefined;
}

/** Everything the monitor knows, and the one queue through which it changes. */
export interface ServiceChanges {
  /** Changes one thing and answers when Prometheus runs it, or when that has failed. Never rejects. */
  submit(change: Change): Promise<Verdict>;
  /** Changes things that nobody waits for; reloads only if the files change. */
  merge(changes: readonly Change[]): void;
  /**
   * Writes the first files from what was merged so far. Nothing is reloaded: Prometheus is started afterwards.
   *
   * @throws {Error} when the files cannot be written
   */
  load(): Promise<void>;
  state(): MonitorState;
  readonly actor: Actor;
}

export interface ServiceChangesDeps {
  readonly installer: Installer;
  readonly report: InstallReport;
  readonly logger: Logger;
  /** After each run, installed or not. */
  readonly onInstalled?: () => void;
  /** Pause before a reload that has failed is tried again, if nothing else comes before. */
  readonly retryMs?: number;
}

interface PendingChange {
  readonly change: Change;
  /** Whether somebody waits for it, and so for a reload. */
  readonly isAwaited: boolean;
}

/** What a run says of each service and node that it changed. */
type Verdicts = ReadonlyMap<string, Verdict>;

const RETRY_MS = 5_000;
/** While many changes come. */
const GATHER_UP_TO_MS = 500;

export function createServiceChanges(deps: ServiceChangesDeps): ServiceChanges {
  const { installer, report, logger, retryMs = RETRY_MS } = deps;
  const reconciler = createChangeReconciler<PendingChange, Verdict>({
    keyOf: ({ change }) => subjectOf(change),
    reconcile,
    gatherUpToMs: GATHER_UP_TO_MS,
    retryMs,
    needsRetry: () => report.lastReload().result === 'failed',
    onError: (err) => logger.error('Changes could not be installed', { err }),
  });
  /** Changes from before the first files; `undefined` afterwards. */
  let early: Change[] | undefined = [];
  let state: MonitorState = EMPTY_STATE;

  async function reconcile(batch: readonly PendingChange[]): Promise<Verdicts> {
    if (batch.length === 0 && report.lastReload().result !== 'failed') return new Map();
    try {
      return await install(batch);
    } finally {
      deps.onInstalled?.();
    }
  }

  async function install(batch: readonly PendingChange[]): Promise<Verdicts> {
    const begunAt = performance.now();
    const changes = batch.map(({ change }) => change);
    const next = applyChanges(state, changes);
    const mode = batch.some(({ isAwaited }) => isAwaited) ? 'reload' : 'reload-if-changed';
    const { reload, ...installed } = await installer.install(next.state, {
      mode,
      rejectsNewParts: batch.length === 1,
    });
    if (reload.kind === 'rejected' && batch.length > 1) return installOneByOne(batch);
    state = installed.state;
    report.sizes(state, installer.rejectedParts().size);
    report.reload(reload, (performance.now() - begunAt) / 1000);
    const failure = reload.kind === 'failed' || reload.kind === 'rejected' ? reload.reason : undefined;
    return verdictsOf(changes, next.removed, failure);
  }

  /** One of the changes is bad, and only Prometheus itself has noticed. */
  async function installOneByOne(batch: readonly PendingChange[]): Promise<Verdicts> {
    const verdicts = new Map<string, Verdict>();
    for (const one of batch)
      for (const [subject, verdict] of await install([one])) verdicts.set(subject, verdict);
    return verdicts;
  }

  function verdictsOf(
    changes: readonly Change[],
    removed: readonly Removed[],
    failure: string | undefined,
  ): Verdicts {
    const rejectedParts = installer.rejectedParts();
    return new Map(
      changes.map((change, i) => {
        const record = change.kind === 'put-service' ? state.services.get(change.record.service) : undefined;
        if (record) report.record(record, state);
        const jobRejection = record && rejectedParts.get(servicePart(record.service));
        const verdict = { record, jobRejection, removed: removed[i] ?? NOTHING_REMOVED, failure };
        return [subjectOf(change), verdict];
      }),
    );
  }

  async function submit(change: Change): Promise<Verdict> {
    try {
      return await reconciler.submit({ change, isAwaited: true });
    } catch (error) {
      return failedVerdict(messageOf(error));
    }
  }

  function merge(changes: readonly Change[]): void {
    if (early) early.push(...changes);
    else reconciler.merge(changes.map((change) => ({ change, isAwaited: false })));
  }

  async function load(): Promise<void> {
    const changes = early ?? [];
    early = undefined;
    const write = (all: MonitorState) => installer.install(all, { mode: 'write', rejectsNewParts: false });
    let installed = await write(applyChanges(state, changes).state);
    if (!installer.canCheck() && changes.length > 0) {
      // Prometheus would not even start with what it does not want; when it runs, it goes back to what it had.
      installed = await write(state);
      merge(changes);
    }
    state = installed.state;
    report.sizes(state, installer.rejectedParts().size);
    for (const record of state.services.values()) report.record(record, state);
    if (installed.reload.kind !== 'live')
      throw new Error(`The first files cannot be written: ${JSON.stringify(installed.reload)}`);
  }

  return {
    submit,
    merge,
    load,
    state: () => state,
    actor: { name: 'service-changes', run: (signal) => reconciler.run(signal) },
  };
}

function failedVerdict(reason: string): Verdict {
  const failure = `the change could not be installed: ${reason}`;
  return { record: undefined, jobRejection: undefined, removed: NOTHING_REMOVED, failure };
}
