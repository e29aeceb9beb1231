import { readFile, rename, stat, utimes } from 'node:fs/promises';
import { z } from 'zod/v3';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import { messageOf } from '@docker-flow/daemon/errors';
import { writeFileAtomic } from '@docker-flow/daemon/files/atomic-file';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { Activity } from '../core/activity.js';
import { ServiceMemory } from '../core/service-memory.js';
import type { StateSnapshot } from './state.js';

const Snapshot = z.object({
  version: z.literal(1),
  services: z.array(ServiceMemory),
  groups: z.array(z.tuple([z.string(), z.number()])),
  activities: z.array(Activity),
});

/** Changes within this time are written together. */
const GATHER_MS = 50;
const RETRY_MS = 30_000;
const LONGEST_FLUSH_MS = 10_000;
/** How often the file's time is set to now, which says until when somebody has kept it up to date. */
const TOUCH_MS = 60_000;
/**
 * Replica counts of a file that nobody has kept for longer are forgotten. A volume belongs to one node: the
 * scaler may have worked on another one since, and comes back to a file that knows nothing of it.
 */
const COUNTS_LAST_MS = 60 * 60_000;

/**
 * What an earlier run left; `undefined` when there is nothing. A file that cannot be read is set aside
 * under the name `….broken`, so that a bad disk never keeps services from being scaled.
 */
export async function loadState(
  file: string,
  logger: Logger,
  nowMs = Date.now(),
): Promise<StateSnapshot | undefined> {
  let text: string;
  let keptUntilMs: number;
  try {
    text = await readFile(file, 'utf8');
    keptUntilMs = (await stat(file)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      logger.error('The state file cannot be read, starting without', { file, reason: messageOf(error) });
    }
    return undefined;
  }
  try {
    const snapshot = Snapshot.parse(JSON.parse(text));
    if (nowMs - keptUntilMs <= COUNTS_LAST_MS) return snapshot;
    logger.info('The state file is old: its activities are shown, its replica counts are forgotten', {
      file,
      keptUntil: new Date(keptUntilMs).toISOString(),
    });
    return { ...snapshot, services: [] };
  } catch (error) {
    logger.error('The state file is broken, starting without', { file, reason: messageOf(error) });
    await rename(file, `${file}.broken`).catch(() => undefined);
    return undefined;
  }
}

export interface StateFile {
  /** Something changed: it is written within moments. */
  readonly changed: () => void;
  /**
   * Resolves when everything changed so far is on disk, or could not be written; or after the limit, since a
   * disk that hangs must not keep the program from ending.
   */
  readonly flush: (limitMs?: number) => Promise<void>;
}

/**
 * Keeps a file up to date with the state, one write after the other; a file that cannot be written is logged
 * and tried again.
 */
export function createStateFile(
  file: string,
  snapshot: () => StateSnapshot,
  logger: Logger,
  writeFile: typeof writeFileAtomic = writeFileAtomic,
): StateFile {
  let isDirty = false;
  let timer: NodeJS.Timeout | undefined;
  let lastWrite = Promise.resolve();
  setInterval(() => {
    // What could not be written is not up to date. Not there yet, or not ours to touch: it only looks older than it is.
    if (!isDirty) utimes(file, new Date(), new Date()).catch(() => undefined);
  }, TOUCH_MS).unref();

  async function write(): Promise<void> {
    isDirty = false;
    try {
      await writeFile(file, JSON.stringify({ version: 1, ...snapshot() }), { mode: 0o600 });
    } catch (error) {
      isDirty = true;
      logger.error('The state file cannot be written', { file, reason: messageOf(error) });
      writeIn(RETRY_MS);
    }
  }

  /** A write on a slow disk must not overtake an earlier one and leave the older state behind. */
  function writeNext(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    lastWrite = lastWrite.then(write);
    return lastWrite;
  }

  function writeIn(ms: number): void {
    timer ??= setTimeout(() => void writeNext(), ms);
  }

  return {
    changed() {
      isDirty = true;
      writeIn(GATHER_MS);
    },
    async flush(limitMs = LONGEST_FLUSH_MS) {
      const written = lastWrite.then(() => (isDirty ? writeNext() : undefined));
      const over = new AbortController();
      await Promise.race([written, sleep(limitMs, over.signal)]);
      over.abort();
      clearTimeout(timer);
    },
  };
}
