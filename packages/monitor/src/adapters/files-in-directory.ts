import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { compareBytes } from '@docker-flow/labels';

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * The regular files (or links to such, as Swarm makes them) of a directory whose names are wanted, in the
 * byte order of their names. A missing directory has none; a file that cannot be read is reported.
 */
export async function readFilesIn(
  directory: string,
  isWanted: (name: string) => boolean,
  onUnreadable: (name: string, error: unknown) => void,
): Promise<readonly NamedText[]> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch {
    return [];
  }
  const texts = await Promise.all(
    names
      .filter(isWanted)
      .sort(compareBytes)
      .map(async (name) => {
        try {
          return [{ name, text: await readFile(path.join(directory, name), 'utf8') }];
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EISDIR') onUnreadable(name, error);
          return [];
        }
      }),
  );
  return texts.flat();
}
