import { readFileSync } from 'node:fs';
// Not the main entry of zod, which loads its messages in all languages: 10 MB.
import { z } from 'zod/v3';
import { writeFileAtomic } from '@docker-flow/daemon/files/atomic-file';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { sleep } from '@docker-flow/daemon/concurrency/retry';

const parameters = z.record(z.string(), z.string());
const told = z.object({ id: z.string(), name: z.string(), remove: parameters });
const Told = z.object({ version: z.literal(1), services: z.array(told), nodes: z.array(told) });

/** What receivers were told of and not yet untold: for the next run of the program. */
export type Told = Omit<z.infer<typeof Told>, 'version'>;

export interface StateFile extends Actor {
  /** What the last run left; empty when there is nothing that can be read. */
  load(): Told;
  /** Something has changed: write soon. */
  touch(): void;
}

const GATHER_MS = 1_000;
const NOTHING: Told = { services: [], nodes: [] };

/**
 * Keeps what receivers were told across restarts, so that services that go meanwhile are reported. The
 * file is a help, not a need: when it cannot be read or written that is logged, and all goes on.
 */
export function createStateFile(path: string, current: () => Told, logger: Logger): StateFile {
  let dirty = false;
  let written = '';

  async function write(): Promise<void> {
    dirty = false;
    const text = JSON.stringify({ version: 1, ...current() });
    if (text === written) return;
    try {
      await writeFileAtomic(path, text, { mode: 0o600 });
      written = text;
    } catch (error) {
      dirty = true;
      logger.error('State file cannot be written', { file: path, reason: messageOf(error) });
    }
  }

  return {
    name: 'state file',
    load() {
      try {
        const { services, nodes } = Told.parse(JSON.parse(readFileSync(path, 'utf8')));
        return { services, nodes };
      } catch (error) {
        const missing = (error as { code?: unknown }).code === 'ENOENT';
        if (!missing)
          logger.warn('State file cannot be read, starting without', {
            file: path,
            reason: messageOf(error),
          });
        return NOTHING;
      }
    },
    touch() {
      dirty = true;
    },
    async run(signal) {
      while (!signal.aborted) {
        await sleep(GATHER_MS, signal);
        if (dirty) await write();
      }
      if (dirty) await write();
    },
  };
}
