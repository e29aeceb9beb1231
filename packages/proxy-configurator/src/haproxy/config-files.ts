import { copyFile, mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '@docker-flow/daemon/files/atomic-file';
import type { RenderedConfig } from '../core/text/render.js';
import type { ConfigFiles } from '../ports.js';
import { tablePathIn } from './table-path.js';

const OWN = 0o600;
/** Tables that change: workers of earlier configurations look into them. They hold numbers and addresses. */
const READ_BY_WORKERS = 0o644;

/**
 * `haproxy.cfg` and its tables on disk. Files hold passwords: only the owner may read them.
 */
export function createConfigFiles(configFile: string, tablesDirectory: string): ConfigFiles {
  const staged = `${configFile}.new`;
  const previous = `${configFile}.previous`;
  return {
    configFile,
    tablePath: (table) => tablePathIn(tablesDirectory, table),
    async stage(rendered) {
      await mkdir(tablesDirectory, { recursive: true });
      await Promise.all(
        [...rendered.tables].map(([file, content]) =>
          writeOnce(file, content, isReadByWorkers(file, rendered) ? READ_BY_WORKERS : OWN),
        ),
      );
      await writeFile(staged, rendered.text, { mode: 0o600 });
      return staged;
    },
    async place() {
      const handle = await open(staged, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      await copyFile(configFile, previous).catch(ignoreMissing);
      await rename(staged, configFile);
    },
    async restore() {
      return rename(previous, configFile).then(() => true, isMissing);
    },
    async clean(rendered) {
      for (const name of await readdir(tablesDirectory)) {
        const file = path.join(tablesDirectory, name);
        if (!rendered.tables.has(file)) await rm(file, { force: true });
      }
    },
    read: () => readFile(configFile, 'utf8').catch(ignoreMissing),
  };
}

function isReadByWorkers(file: string, { live, forScripts }: RenderedConfig): boolean {
  return live.has(file) || forScripts.has(file);
}

async function writeOnce(file: string, content: string, mode: number): Promise<void> {
  try {
    await writeFile(file, content, { mode, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // Another state of a table that changes, or half a file that a crash has left. Never in place: on a full disk the
    // configuration that runs keeps the table that it names.
    if ((await readFile(file, 'utf8')) !== content) await writeFileAtomic(file, content, { mode });
  }
}

function isMissing(error: unknown): false {
  ignoreMissing(error);
  return false;
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
