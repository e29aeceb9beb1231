import { readFile, rename, stat, utimes } from 'node:fs/promises';
import { ZodError, type ZodTypeDef, type ZodType } from 'zod/v3';
import { createAutoResetEvent } from '../concurrency/auto-reset-event.js';
import { systemClock, type Clock } from '../concurrency/clock.js';
import { untilAborted } from '../concurrency/until-aborted.js';
import { messageOf } from '../errors.js';
import type { Logger } from '../log/logger.js';
import type { Actor } from '../process/lifecycle.js';
import { removeLeftovers, writeFileAtomic } from './atomic-file.js';

export interface StateFileOptions<T> {
  readonly file: string;
  /** What the file holds, as JSON. */
  readonly schema: ZodType<T, ZodTypeDef, unknown>;
  /** What is to be in the file now. */
  readonly gather: () => T;
  /** JSON as `JSON.stringify` makes it, for who can do it faster. */
  readonly stringify?: (state: T) => string;
  /** Changes within this time are written together. */
  readonly gatherMs?: number;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly write?: typeof writeFileAtomic;
}

export interface LoadedState<T> {
  readonly state: T;
  /** Until when a program has kept the file up to date, in milliseconds since 1970. */
  readonly keptUntilMs: number;
}

/**
 * What a program remembers over a restart. The file is a help, not a need: when it cannot be read or written that is
 * logged, and all goes on.
 */
export interface StateFile<T> extends Actor {
  /**
   * What the last run left; `undefined` when there is no file or none that can be read. A file whose content is not
   * understood is kept aside as `….broken`.
   */
  load(): Promise<LoadedState<T> | undefined>;
  /** Something has changed: it is written within moments, as soon as the actor runs. */
  changed(): void;
  /**
   * Resolves when everything changed so far is on disk or could not be written, or after the limit: a disk that hangs
   * must not keep the program from ending.
   */
  flush(limitMs?: number): Promise<void>;
}

const GATHER_MS = 200;
const RETRY_MS = 30_000;
/** A busy disk takes seconds to say that something is on it; one that hangs must not hold a program that is to end. */
const FLUSH_LIMIT_MS = 5_000;
/** How often the file's time is set to now, which tells the next run until when it was kept up to date. */
const TOUCH_MS = 60_000;

export function createStateFile<T>(options: StateFileOptions<T>): StateFile<T> {
  const {
    file,
    logger,
    stringify = JSON.stringify,
    gatherMs = GATHER_MS,
    clock = systemClock,
    write = writeFileAtomic,
  } = options;
  const changes = createAutoResetEvent(clock);
  let isDirty = false;
  let hasFailed = false;
  let written: string | undefined;
  let lastWrite = Promise.resolve();

  async function writeNow(): Promise<void> {
    if (!isDirty) return;
    isDirty = false;
    hasFailed = false;
    try {
      const text = stringify(options.gather());
      if (text === written) return;
      // Labels and secrets in it are nobody else's business.
      await write(file, text, { mode: 0o600 });
      written = text;
    } catch (error) {
      isDirty = true;
      hasFailed = true;
      logger.error('The state file cannot be written', { file, reason: messageOf(error) });
    }
  }

  /** A write on a slow disk must not overtake an earlier one and leave the older state behind. */
  function writeNext(): Promise<void> {
    lastWrite = lastWrite.then(writeNow);
    return lastWrite;
  }

  async function touch(): Promise<void> {
    // Not there yet, or not ours: then it only looks older than it is.
    await utimes(file, new Date(), new Date()).catch(() => undefined);
  }

  async function keepAside(reason: string): Promise<void> {
    const keptAs = `${file}.broken`;
    logger.error('The state file is broken, starting without', { file, keptAs, reason });
    await rename(file, keptAs).catch((error: unknown) =>
      logger.error('The broken state file cannot be kept aside', { file, keptAs, reason: messageOf(error) }),
    );
  }

  return {
    name: 'state-file',
    async load() {
      await removeLeftovers(file);
      let text: string;
      let keptUntilMs: number;
      try {
        text = await readFile(file, 'utf8');
        keptUntilMs = (await stat(file)).mtimeMs;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
          logger.error('The state file cannot be read, starting without', { file, reason: messageOf(error) });
        return undefined;
      }
      try {
        return { state: options.schema.parse(JSON.parse(text)), keptUntilMs };
      } catch (error) {
        await keepAside(reasonOf(error));
        return undefined;
      }
    },
    changed() {
      isDirty = true;
      changes.set();
    },
    async run(signal) {
      const stopped = untilAborted(signal);
      while (!signal.aborted) {
        if (!isDirty) await changes.wait(signal, TOUCH_MS);
        if (!isDirty) {
          await touch();
          continue;
        }
        await clock.sleep(gatherMs, signal);
        await Promise.race([writeNext(), stopped]);
        if (hasFailed) await clock.sleep(RETRY_MS, signal);
      }
    },
    async flush(limitMs = FLUSH_LIMIT_MS) {
      const over = new AbortController();
      await Promise.race([writeNext(), clock.sleep(limitMs, over.signal)]);
      over.abort();
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof ZodError)) return messageOf(error);
  return error.issues
    .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
    .join('; ');
}
