import type { AutoResetEvent } from '@docker-flow/daemon/concurrency/auto-reset-event';
import { backoff } from '@docker-flow/daemon/concurrency/backoff';
import { systemClock, type Clock } from '@docker-flow/daemon/concurrency/clock';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { createWorkQueue } from '@docker-flow/daemon/concurrency/work-queue';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Swarm } from '../ports.js';
import type { ServiceList } from '../services/service-list.js';
import type { State } from '../state/state.js';
import type { ResetCheck } from './check-for-reset.js';

export interface WatchServicesOptions {
  /** Pause between two lists of all services while nothing else happens. */
  readonly intervalMs: number;
}

export interface WatchServicesDeps {
  readonly swarm: Swarm;
  readonly state: State;
  readonly list: ServiceList;
  readonly check: (id: string) => Promise<ResetCheck>;
  readonly onCheck: (result: ResetCheck) => void;
  /** Set when the services shall be listed soon. */
  readonly listSoon: AutoResetEvent;
  /** Whether somebody is looking at the page, or waits for tasks to start: lists then come every second. */
  readonly isBusy: () => boolean;
  readonly logger: Logger;
  readonly clock?: Clock;
}

const BUSY_INTERVAL_MS = 1_000;
/** Several changes at once make one list; tasks need a moment too. */
const SETTLE_MS = 1_000;
/** Swarm tells of every write, also of ours: several of them are one check. */
const GATHER_MS = 100;
const RECONNECT = { firstMs: 1_000, maxMs: 15_000 };

/**
 * Keeps an eye on the services: Docker's events say at once that a service changed, and a list every few
 * seconds finds what events did not tell, so a proxy that forbids events only makes it slower.
 */
export function watchServices({ intervalMs }: WatchServicesOptions, deps: WatchServicesDeps): Actor {
  const { swarm, state, list, listSoon, isBusy, logger, clock = systemClock } = deps;
  const checks = createWorkQueue({
    name: 'checks',
    gatherMs: GATHER_MS,
    async handle(id) {
      const result = await deps.check(id);
      deps.onCheck(result);
      return result.kind === 'again' ? result.pauseMs : undefined;
    },
    onError(id, error) {
      logger.warn('A changed service could not be checked', { id, reason: messageOf(error) });
    },
    clock,
  });

  async function followEvents(signal: AbortSignal): Promise<void> {
    const pauses = backoff(RECONNECT);
    let isTold = false;
    while (!isAborted(signal)) {
      try {
        await swarm.watchServices(({ id }) => {
          pauses.reset();
          checks.add(id);
          listSoon.set();
        }, signal);
      } catch (error) {
        if (isAborted(signal)) return;
        const level = isTold ? 'debug' : 'warn';
        isTold = true;
        logger[level]('Events of Docker cannot be followed, changes are seen a little later', {
          reason: messageOf(error),
        });
      }
      await clock.sleep(pauses.next(), signal);
      listSoon.set();
    }
  }

  async function listRegularly(signal: AbortSignal): Promise<void> {
    // Nothing in force: nothing can have been reset while we were away.
    let isDue = state.memories().some(({ inForce }) => inForce !== undefined);
    while (!isAborted(signal)) {
      if (isDue) await checkAll();
      await pause(isBusy() ? BUSY_INTERVAL_MS : intervalMs, signal);
      isDue = true;
    }
  }

  /** Until the time is over, or until a moment after somebody has asked for a list. */
  async function pause(ms: number, signal: AbortSignal): Promise<void> {
    const endsAtMs = clock.nowMs() + ms;
    await listSoon.wait(signal, ms);
    await clock.sleep(Math.min(SETTLE_MS, Math.max(0, endsAtMs - clock.nowMs())), signal);
  }

  async function checkAll(): Promise<void> {
    try {
      for (const { id, replicas } of await list.refresh()) {
        const memory = state.memoryOf(id);
        const expected = memory?.inForce?.replicas ?? memory?.seenReplicas;
        if (memory === undefined || expected !== replicas) checks.add(id);
      }
    } catch (error) {
      logger.debug('Services cannot be listed', { reason: messageOf(error) });
    }
  }

  return {
    name: 'watch',
    run: (signal) => Promise.all([followEvents(signal), listRegularly(signal), checks.run(signal)]),
  };
}
