import { createGate } from '@docker-flow/daemon/concurrency/gate';
import { createReconciler } from '@docker-flow/daemon/concurrency/reconciler';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { WantedServices } from '../core/model/service-version.js';
import type { Run } from '../ports.js';
import type { ServiceStore } from './service-store.js';
import type { Told } from './told.js';

/** Runs of the reconciliation: one at a time, and each caller hears of one that began after its call. */
export interface Runs {
  /**
   * Asks for a run and answers what it did.
   *
   * @param options.force reloads HAProxy even when nothing has changed
   */
  submit(options?: { readonly force?: boolean }): Promise<Run>;
  /** Asks for a run and does not wait. */
  trigger(): void;
  /** Makes what is on disk run, whatever wrote it. */
  reloadFromDisk(): Promise<void>;
  /** Resolves when somebody waits for a run for the first time. */
  readonly asked: Promise<void>;
  /** Whether somebody waits for a run. */
  isAwaited(): boolean;
  /** Why the last run failed; `undefined` once one has come to its end. */
  failure(): string | undefined;
  /** Carries out what was asked for until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export interface RunsDeps {
  readonly store: ServiceStore;
  readonly reconcile: (services: WantedServices, force: boolean) => Promise<Run>;
  /** Answers whether there was anything to run. */
  readonly reloadFromDisk: () => Promise<boolean>;
  /** After each run, before its callers are answered; the store knows its verdicts. */
  readonly onRun: (run: Run) => Promise<void>;
  /** Called when a configuration could not be made live at all. */
  readonly onFailure: () => void;
  readonly told: Told;
  readonly logger: Logger;
}

const GATHER_MS = 3;
const GATHER_UP_TO_MS = 250;
const RETRY_MS = 5_000;

export function createRuns({ store, logger, ...deps }: RunsDeps): Runs {
  let forced = false;
  let failure: string | undefined;
  let waiting = 0;
  const asked = createGate();
  /** Callers that want what is on disk to run; each hears of its own result, whatever becomes of the run. */
  let diskReloads: { result?: Promise<boolean> }[] = [];
  const reconciler = createReconciler<Run>({
    async reconcile() {
      await reloadFromDisk();
      const force = forced;
      forced = false;
      try {
        const run = await deps.reconcile({ candidates: store.candidates(), awaited: store.awaited() }, force);
        failure = undefined;
        await settle(run);
        return run;
      } catch (error) {
        forced ||= force;
        throw error;
      }
    },
    debounceMs: GATHER_MS,
    gatherUpToMs: GATHER_UP_TO_MS,
    retryMs: RETRY_MS,
    onError(error) {
      deps.onFailure();
      const reason = messageOf(error);
      // Told once, although it is tried again every few seconds.
      const level = reason === failure ? 'debug' : 'error';
      failure = reason;
      logger[level]('Configuration could not be made live', { reason });
    },
  });

  async function reloadFromDisk(): Promise<void> {
    const reloads = diskReloads;
    diskReloads = [];
    if (reloads.length === 0) return;
    const result = deps.reloadFromDisk();
    for (const reload of reloads) reload.result = result;
    await result.catch(() => undefined);
  }

  async function settle(run: Run): Promise<void> {
    store.settle(run.verdicts);
    deps.told.settle(store.entries(), run.verdicts);
    await deps.onRun(run);
  }

  return {
    async submit({ force = false } = {}) {
      forced ||= force;
      asked.open();
      waiting += 1;
      try {
        return await reconciler.submit();
      } finally {
        waiting -= 1;
      }
    },
    isAwaited: () => waiting > 0,
    trigger: () => reconciler.trigger(),
    asked: asked.opened,
    failure: () => failure,
    async reloadFromDisk() {
      const reload: { result?: Promise<boolean> } = {};
      diskReloads.push(reload);
      asked.open();
      const run = reconciler.submit();
      await run.catch((error: unknown) => {
        // Without a result the program ends: nobody has tried.
        if (reload.result === undefined) throw error;
      });
      // Before the first configuration is written, that one is what they get.
      if (!(await reload.result)) await run;
    },
    run: (signal) => reconciler.run(signal),
  };
}
