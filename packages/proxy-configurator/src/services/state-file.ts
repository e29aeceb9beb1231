import { readFile } from 'node:fs/promises';
import { messageOf } from '@docker-flow/daemon/errors';
import { writeFileAtomic } from '@docker-flow/daemon/files/atomic-file';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Parameters } from '@docker-flow/labels';
import { z } from 'zod/v3';

export interface SavedService {
  readonly parameters: Parameters;
  /** Whether a listener names it: then it may go when none does any more. Others were registered by hand. */
  readonly isListed: boolean;
}

/** The services that run, so that they run again before anybody tells of them. */
export interface StateFile {
  load(): Promise<readonly SavedService[]>;
  /** Writes soon; several calls in a row are one write. */
  save(services: () => readonly SavedService[]): void;
  /** Resolves when nothing is left to write. */
  flush(): Promise<void>;
}

const SAVE_AFTER_MS = 200;
const SavedServices = z.array(z.object({ parameters: z.record(z.string()), isListed: z.boolean() }));

export function createStateFile(file: string, logger: Logger): StateFile {
  let timer: NodeJS.Timeout | undefined;
  let pending: (() => readonly SavedService[]) | undefined;
  let written: string | undefined;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const text = JSON.stringify(pending?.() ?? []);
    pending = undefined;
    if (text === written) return;
    try {
      await writeFileAtomic(file, `${text}\n`, { mode: 0o600 });
      written = text;
    } catch (error) {
      logger.warn('The services could not be saved', { file, reason: messageOf(error) });
    }
  }

  return {
    async load() {
      try {
        return SavedServices.parse(JSON.parse(await readFile(file, 'utf8')));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
          logger.warn('The saved services cannot be read', { file, reason: messageOf(error) });
        }
        return [];
      }
    },
    save(services) {
      pending = services;
      timer ??= setTimeout(() => {
        timer = undefined;
        writing = writing.then(write);
      }, SAVE_AFTER_MS);
    },
    async flush() {
      clearTimeout(timer);
      timer = undefined;
      if (pending) writing = writing.then(write);
      await writing;
    },
  };
}
