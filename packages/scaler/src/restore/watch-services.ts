import { setMaxListeners } from 'node:events';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Swarm } from '../ports.js';
import { lookAtService, type LookResult, type RestoreParts } from './restore-service.js';
import type { ServiceList } from '../services/service-list.js';
import type { State } from '../services/state.js';

export interface WatchParts {
  readonly swarm: Swarm;
  readonly state: State;
  readonly restore: RestoreParts;
  readonly list: ServiceList;
  readonly logger: Logger;
  /** Pause between two lists of all services while nothing else happens. */
  readonly intervalMs: number;
  /** Whether somebody is looking at the page, or waits for tasks to start: lists then come every second. */
  readonly isBusy: () => boolean;
  readonly onLook: (result: LookResult) => void;
}

const BUSY_INTERVAL_MS = 1_000;
/** A service that is being looked at. */
interface Looking {
  /** It changed meanwhile and must be looked at once more. */
  isDue: boolean;
  /** Ends the pause before the next look. */
  wake: () => void;
}

/** Several changes at once make one list; tasks need a moment too. */
const SETTLE_MS = 1_000;
const GATHER_MS = 100;
const RECONNECT_MS = 1_000;
const LONGEST_RECONNECT_MS = 15_000;

/**
 * Keeps an eye on the services: Docker's events say at once that a service changed, and a list every few
 * seconds finds what events did not tell, so a proxy that forbids events only makes it slower.
 */
export function createWatch(parts: WatchParts): { readonly actor: Actor; soon(): void } {
  const { swarm, state, restore, list, logger } = parts;
  const looking = new Map<string, Looking>();
  let wake: () => void = () => undefined;

  async function look(id: string, signal: AbortSignal): Promise<void> {
    const known = looking.get(id);
    if (known !== undefined) {
      known.isDue = true;
      known.wake();
      return;
    }
    const mine: Looking = { isDue: true, wake: () => undefined };
    looking.set(id, mine);
    try {
      while (mine.isDue && !signal.aborted) {
        // Swarm tells of every write, also of ours: several of them are one look.
        await sleep(GATHER_MS, signal);
        mine.isDue = false;
        const result = await lookAtService(id, restore);
        if (result.kind !== 'again') parts.onLook(result);
        else {
          await Promise.race([
            sleep(result.pauseMs, signal),
            new Promise<void>((resolve) => (mine.wake = resolve)),
          ]);
          mine.isDue = true;
        }
      }
    } catch (error) {
      logger.warn('A changed service could not be looked at', { id, reason: messageOf(error) });
    } finally {
      looking.delete(id);
    }
  }

  async function followEvents(signal: AbortSignal): Promise<void> {
    let pauseMs = RECONNECT_MS;
    let isTold = false;
    const isStopped = () => signal.aborted;
    while (!isStopped()) {
      try {
        for await (const { id } of swarm.watchServices(signal)) {
          pauseMs = RECONNECT_MS;
          void look(id, signal);
          soon();
        }
      } catch (error) {
        if (isStopped()) return;
        const level = isTold ? 'debug' : 'warn';
        isTold = true;
        logger[level]('Events of Docker cannot be followed, changes are seen a little later', {
          reason: messageOf(error),
          retryInMs: pauseMs,
        });
      }
      await sleep(pauseMs, signal);
      pauseMs = Math.min(LONGEST_RECONNECT_MS, pauseMs * 2);
      soon();
    }
  }

  async function lookRegularly(signal: AbortSignal): Promise<void> {
    // Nothing in force: nothing can have been reset while we were away.
    let isDue = state.memories().some(({ inForce }) => inForce !== undefined);
    while (!signal.aborted) {
      if (isDue) await lookAtAll(signal);
      const pauseMs = parts.isBusy() ? BUSY_INTERVAL_MS : parts.intervalMs;
      await Promise.race([
        sleep(pauseMs, signal),
        new Promise<void>((resolve) => (wake = resolve)).then(() => sleep(SETTLE_MS, signal)),
      ]);
      isDue = true;
    }
  }

  async function lookAtAll(signal: AbortSignal): Promise<void> {
    try {
      for (const { id, replicas } of await list.refresh()) {
        const memory = state.memoryOf(id);
        const expected = memory?.inForce?.replicas ?? memory?.seenReplicas;
        if (memory === undefined || expected !== replicas) void look(id, signal);
      }
    } catch (error) {
      logger.debug('Services cannot be listed', { reason: messageOf(error) });
    }
  }

  function soon(): void {
    wake();
  }

  return {
    actor: {
      name: 'watch',
      run(signal) {
        // Every service that is being looked at listens to it.
        setMaxListeners(0, signal);
        return Promise.all([followEvents(signal), lookRegularly(signal)]);
      },
    },
    soon,
  };
}
