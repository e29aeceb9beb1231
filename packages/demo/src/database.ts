import { backoff } from '@docker-flow/daemon/concurrency/backoff';
import { systemClock } from '@docker-flow/daemon/concurrency/clock';
import { untilAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { People } from './ports.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Prepares the database until that works, however late its server starts, and closes it at the end. */
export interface DatabaseActor extends Actor {
  /** Why the database cannot be used yet; `undefined` once it can. */
  readonly notReady: () => string | undefined;
}

export function createDatabaseActor(people: People, logger: Logger, clock = systemClock): DatabaseActor {
  let isReady = false;

  async function prepare(signal: AbortSignal): Promise<void> {
    const pauses = backoff({ firstMs: FIRST_PAUSE_MS, maxMs: LONGEST_PAUSE_MS });
    while (!signal.aborted) {
      try {
        await people.prepare();
        isReady = true;
        logger.info('The database is ready');
        return;
      } catch (error) {
        const retryInMs = pauses.next();
        logger.warn('The database is not ready, trying again', { retryInMs, err: error });
        await clock.sleep(retryInMs, signal);
      }
    }
  }

  return {
    name: 'database',
    notReady: () => (isReady ? undefined : 'the database does not answer yet'),
    async run(signal) {
      await prepare(signal);
      await untilAborted(signal);
    },
  };
}
