import { createAutoResetEvent } from '@docker-flow/daemon/concurrency/auto-reset-event';
import { backoff } from '@docker-flow/daemon/concurrency/backoff';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Board } from '../core/join/board.js';
import type { Change } from '../core/changes/document.js';
import type { SourceName } from '../core/readings/readings.js';
import type { Source } from '../ports.js';

export interface WatchSourceDeps {
  readonly board: Board;
  readonly onChange: (change: Change) => void;
  readonly onRead: (name: SourceName, isUp: boolean) => void;
  /** Whether anybody looks at the page. */
  readonly isWatched: () => boolean;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface WatchedSource {
  readonly actors: readonly Actor[];
  /** Somebody has begun to look: asks now rather than after the long pause. */
  readonly hurry: () => void;
}

/** Nobody looks: problems still get the time since when they are there. */
const UNWATCHED_FACTOR = 5;
const RECONNECT = { firstMs: 500, maxMs: 10_000 };
/** Hints that come close together are one. */
const HINT_PAUSE_MS = 200;

/** Asks one source again and again, tells the board what it says, and who listens what that changed. */
export function watchSource<N extends SourceName>(
  source: Source<N>,
  pollMs: number,
  deps: WatchSourceDeps,
): WatchedSource {
  const { board, onChange, onRead, isWatched, logger, now } = deps;
  const { name } = source;
  const hint = createAutoResetEvent();
  let wasUp: boolean | undefined;

  function told(change: Change | undefined, isUp: boolean, reason?: string): void {
    onRead(name, isUp);
    if (wasUp !== isUp) {
      if (isUp) logger.info('Source answers', { source: name });
      else logger.warn('Source does not answer', { source: name, reason });
      wasUp = isUp;
    }
    if (change !== undefined) onChange(change);
  }

  async function readOnce(signal: AbortSignal): Promise<void> {
    try {
      const reading = await source.read(signal);
      const change =
        reading === 'unchanged' ? board.unchanged(name, now()) : board.read(name, reading, now());
      told(change, true);
    } catch (error) {
      if (signal.aborted) return;
      told(board.lost(name, messageOf(error), now()), false, messageOf(error));
    }
  }

  const reading: Actor = {
    name,
    async run(signal) {
      while (!signal.aborted) {
        await readOnce(signal);
        await hint.wait(signal, isWatched() ? pollMs : pollMs * UNWATCHED_FACTOR);
      }
    },
  };
  const { follow } = source;
  if (follow === undefined) return { actors: [reading], hurry: () => hint.set() };
  const following: Actor = {
    name: `${name} events`,
    async run(signal) {
      const pauses = backoff(RECONNECT);
      while (!signal.aborted) {
        try {
          await follow(() => {
            pauses.reset();
            setTimeout(() => hint.set(), HINT_PAUSE_MS).unref();
          }, signal);
        } catch (error) {
          logger.debug('Event stream ended', { source: name, reason: messageOf(error) });
        }
        await sleep(pauses.next(), signal);
      }
    },
  };
  return { actors: [reading, following], hurry: () => hint.set() };
}
