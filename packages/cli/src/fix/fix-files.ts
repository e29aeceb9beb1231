import { readFile, writeFile } from 'node:fs/promises';
import { CannotRunError } from '../exit-status.js';
import type { Finding } from '../lint/findings/finding.js';
import { fixText } from './fix-text.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Mends files in their place; answers how many findings are gone.
 *
 * @throws {CannotRunError} naming a file that cannot be written
 */
export async function fixFiles(
  files: readonly string[],
  findings: readonly Finding[],
  environment: Environment,
): Promise<number> {
  let count = 0;
  for (const file of new Set(files)) {
    const own = findings.filter(({ place }) => place.file === file);
    if (own.length === 0) continue;
    const before = await readFile(file, 'utf8');
    const fixed = fixText(before, own, environment);
    if (fixed.text === before) continue;
    await writeFile(file, fixed.text).catch(() => {
      throw new CannotRunError(`${file} cannot be written`);
    });
    count += fixed.count;
  }
  return count;
}
