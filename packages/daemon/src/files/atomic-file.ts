import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
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
  const directory = path.dirname(file);
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const isOurs = name.startsWith(`.${path.basename(file)}.`) && /\.[0-9a-f]{12}\.tmp$/.test(name);
    if (isOurs) await rm(path.join(directory, name), { force: true }).catch(() => undefined);
  }
}
