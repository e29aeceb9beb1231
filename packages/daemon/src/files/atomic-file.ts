import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a whole file or nothing: a temporary file beside it, flushed, then renamed over it. Missing
 * directories are made (mode 0755).
 *
 * @throws {Error} of the file system; the old file is then untouched and no temporary file is left
 */
export async function writeFileAtomic(
  file: string,
  content: string | Uint8Array,
  { mode = 0o644 }: { mode?: number } = {},
): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o755 });
  const temporary = path.join(
    path.dirname(file),
    `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes the temporary files of writes of this file that were cut off, by a crash or a full disk. */
export async function removeLeftovers(file: string): Promise<void> {
  await removeTemporaries(path.dirname(file), (name) => name.startsWith(`.${path.basename(file)}.`));
}

/**
 * Removes those of all files of a directory.
 *
 * @param olderThanMs younger ones stay: on a volume that is shared they may be another program's that is writing now
 */
export async function removeLeftoversIn(
  directory: string,
  { olderThanMs = 0 }: { olderThanMs?: number } = {},
): Promise<void> {
  const latest = Date.now() - olderThanMs;
  await removeTemporaries(directory, async (name) => {
    if (olderThanMs === 0) return true;
    const found = await stat(path.join(directory, name)).catch(() => undefined);
    return found !== undefined && found.mtimeMs < latest;
  });
}

async function removeTemporaries(
  directory: string,
  isLeft: (name: string) => boolean | Promise<boolean>,
): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    if (!/^\..+\.[0-9a-f]{12}\.tmp$/.test(name) || !(await isLeft(name))) continue;
    await rm(path.join(directory, name), { force: true }).catch(() => undefined);
  }
}
