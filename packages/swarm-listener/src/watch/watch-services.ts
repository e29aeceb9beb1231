import { createAutoResetEvent } from '@docker-flow/daemon/concurrency/auto-reset-event';
import { systemClock } from '@docker-flow/daemon/concurrency/clock';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { strongerCause, type CompareCause } from './compare-cause.js';
import { compareServices, type CompareServicesDeps } from './compare-services.js';
import { inspectService } from './inspect-service.js';
import { pollConverging, type PollConvergingDeps } from './poll-converging.js';
import { pollTasks, type PollTasksDeps } from './poll-tasks.js';
import { createResyncLoop, type ResyncLoop, type ResyncLoopDeps } from './resync-loop.js';

export type ServiceWatcherDeps = CompareServicesDeps &
  PollConvergingDeps &
  PollTasksDeps &
  Omit<ResyncLoopDeps, 'compare' | 'inspect'>;

export interface ServiceWatcherOptions {
  readonly pollingMs: number;
  readonly resyncMs: number;
  readonly taskPollingMs: number;
}

/** Everything that makes us look at services: events, comparisons, polls. */
export interface ServiceWatcher extends Actor, Pick<ResyncLoop, 'hasSynced' | 'firstTry'> {
  /** Everything is to be sent again, soon. */
  resend(cause: Exclude<CompareCause, 'compare'>): void;
}

const MAX_INSPECTIONS = 8;
/** Everything is sent again no more often than this; those who ask meanwhile share the next time. */
const RESEND_PAUSE_MS = 1_000;

export function createServiceWatcher(
  deps: ServiceWatcherDeps,
  { pollingMs, resyncMs, taskPollingMs }: ServiceWatcherOptions,
): ServiceWatcher {
  const { logger, clock = systemClock } = deps;
  const loop = createResyncLoop(
    {
      ...deps,
      compare(cause) {
        if (cause !== 'compare') logger.info('Sending notifications for running services and nodes');
        return compareServices(deps, cause);
      },
      inspect: (id) => inspectService(deps, id),
    },
    { kind: 'service', pollingMs, resyncMs, maxInspections: MAX_INSPECTIONS },
  );
  const resendRequested = createAutoResetEvent(clock);
  let resendCause: CompareCause | undefined;

  async function resendLoop(signal: AbortSignal): Promise<void> {
    while (!isAborted(signal)) {
      if (resendCause === undefined) {
        await resendRequested.wait(signal);
        continue;
      }
      loop.request(resendCause);
      resendCause = undefined;
      await clock.sleep(RESEND_PAUSE_MS, signal);
    }
  }

  return {
    name: 'services',
    hasSynced: () => loop.hasSynced(),
    firstTry: loop.firstTry,
    resend(cause) {
      resendCause = strongerCause(resendCause, cause);
      resendRequested.set();
    },
    async run(signal) {
      await Promise.all([
        loop.run(signal),
        resendLoop(signal),
        pollConverging(deps, signal),
        deps.nodeInfo === 'off' ? undefined : pollTasks(deps, { maxPauseMs: taskPollingMs }, signal),
      ]);
    },
  };
}
