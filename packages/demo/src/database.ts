import { retry } from '@docker-flow/daemon/concurrency/retry';
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

export function createDatabaseActor(people: People, logger: Logger): DatabaseActor {
  let ready = false;
  return {
    name: 'database',
    notReady: () => (ready ? undefined : 'the database does not answer yet'),
    async run(signal) {
      await retry(() => people.prepare(), {
        attempts: Infinity,
        firstPauseMs: FIRST_PAUSE_MS,
        maxPauseMs: LONGEST_PAUSE_MS,
        signal,
        onFailure: (error, attempt) =>
          logger.warn('The database is not ready, trying again', { attempt, err: error }),
      }).then(
        () => {
          ready = true;
        },
        () => undefined, // told to stop while the database was away
      );
      if (ready) logger.info('The database is ready');
      await aborted(signal);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
