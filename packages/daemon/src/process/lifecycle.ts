import { setMaxListeners } from 'node:events';
import type { Actor } from '../concurrency/actor.js';
import { untilAborted } from '../concurrency/until-aborted.js';
import { messageOf } from '../errors.js';
import type { Logger } from '../log/logger.js';

export type { Actor };

export interface RunOptions {
  readonly logger: Logger;
  /** Aborts when the program shall end (SIGTERM). */
  readonly stop: AbortSignal;
  /** How long actors may take to end; below Docker's 10 s. */
  readonly graceMs?: number;
}

const GRACE_MS = 8_000;

/**
 * Runs all actors until one ends, one fails, or `stop` aborts; then stops the others and waits for them.
 * Answers the exit status: what an actor answered, 1 when one failed, else 0.
 */
export async function runActors(
  actors: readonly Actor[],
  { logger, stop, graceMs = GRACE_MS }: RunOptions,
): Promise<number> {
  const controller = new AbortController();
  // Every wait of every part listens to it; that many are no leak.
  setMaxListeners(0, controller.signal);
  let status = 0;
  const end = () => controller.abort();
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  const running = actors.map(async (actor) => {
    try {
      const answer = await actor.run(controller.signal);
      if (!controller.signal.aborted) logger.info('Part ended, stopping', { part: actor.name });
      if (typeof answer === 'number' && answer !== 0) status = answer;
    } catch (error) {
      if (!controller.signal.aborted || status === 0)
        logger.error('Part failed, stopping', { part: actor.name, reason: messageOf(error), err: error });
      status ||= 1;
    } finally {
      end();
    }
  });
  const all = Promise.all(running);
  await untilAborted(controller.signal);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), graceMs);
  });
  if ((await Promise.race([all, late])) === 'late') logger.warn('Parts did not end in time', { graceMs });
  clearTimeout(timer);
  return status;
}

/** Aborts at the first SIGTERM or SIGINT. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => controller.abort());
  return controller.signal;
}
