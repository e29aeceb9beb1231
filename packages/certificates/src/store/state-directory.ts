import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ZodError, type ZodType, type ZodTypeDef } from 'zod/v3';
import { messageOf } from '@docker-flow/daemon/errors';
import { removeLeftovers, writeFileAtomic } from '@docker-flow/daemon/files/atomic-file';
import type { Logger } from '@docker-flow/daemon/log/logger';

/** The volume: small files of our own, for nobody else to read. */
export interface StateDirectory {
  /** Text of a file; `undefined` when there is none or it cannot be read. */
  read(name: string): Promise<string | undefined>;
  /** JSON of a file. One that is not understood is kept aside as `….broken` and counts as lost. */
  readJson<T>(name: string, schema: ZodType<T, ZodTypeDef, unknown>): Promise<T | undefined>;
  /** False when it could not be written, which {@link problem} tells. */
  write(name: string, content: string): Promise<boolean>;
  remove(name: string): Promise<void>;
  /** Keeps a file aside that is not understood. */
  setAside(name: string, reason: string): Promise<void>;
  /** Names of the files of a folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Why nothing can be written. */
  problem(): string | undefined;
  /** Finds out whether something can be written. */
  probe(): Promise<void>;
}

const OWNER_ONLY = 0o600;
const OWNER_FOLDER = 0o700;

export function createStateDirectory(directory: string, logger: Logger): StateDirectory {
  let problem: string | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const fileOf = (name: string) => path.join(directory, name);

  async function writeNow(name: string, content: string): Promise<boolean> {
    const file = fileOf(name);
    try {
      await mkdir(path.dirname(file), { recursive: true, mode: OWNER_FOLDER });
      await writeFileAtomic(file, content, { mode: OWNER_ONLY });
      problem = undefined;
      return true;
    } catch (error) {
      const reason = `the state directory cannot be written: ${messageOf(error)}`;
      if (problem === undefined) logger.error('The state directory cannot be written', { reason });
      problem = reason;
      return false;
    }
  }

  /** One write after the other: an older one must not overtake a newer one of the same file. */
  function write(name: string, content: string): Promise<boolean> {
    const next = last.then(() => writeNow(name, content));
    last = next;
    return next;
  }

  async function setAside(name: string, reason: string): Promise<void> {
    logger.error('A file of the state directory is broken and counts as lost', { file: name, reason });
    await rename(fileOf(name), `${fileOf(name)}.broken`).catch(() => undefined);
  }

  async function read(name: string): Promise<string | undefined> {
    try {
      await removeLeftovers(fileOf(name));
      return await readFile(fileOf(name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') await setAside(name, messageOf(error));
      return undefined;
    }
  }

  return {
    read,
    write,
    setAside,
    async readJson(name, schema) {
      const text = await read(name);
      if (text === undefined) return undefined;
      try {
        return schema.parse(JSON.parse(text));
      } catch (error) {
        const reason =
          error instanceof ZodError ? error.issues.map((one) => one.path.join('.')).join(', ') : 'no JSON';
        await setAside(name, reason);
        return undefined;
      }
    },
    async remove(name) {
      const next = last.then(() => rm(fileOf(name), { force: true }).catch(() => undefined));
      last = next;
      await next;
    },
    list: async (folder) => (await readdir(fileOf(folder)).catch(() => [])).sort(),
    problem: () => problem,
    async probe() {
      await chmod(directory, OWNER_FOLDER).catch(() => undefined);
      const name = `.probe-${randomBytes(4).toString('hex')}`;
      await write(name, '');
      await rm(fileOf(name), { force: true }).catch(() => undefined);
    },
  };
}
