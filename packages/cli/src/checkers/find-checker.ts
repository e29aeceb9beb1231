import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { CannotRunError } from '../exit-status.js';

/**
 * Where a checker is: the path given, else the first on `searchPath`; `never` is nowhere.
 *
 * @throws {CannotRunError} when there is no program at the path that was given
 */
export async function findChecker(
  name: string,
  given: string | undefined,
  searchPath: string,
): Promise<string | undefined> {
  if (given === 'never') return undefined;
  if (given !== undefined) {
    if (await isProgram(given)) return given;
    throw new CannotRunError(`--${name} ${given} is not a program; give its path, or never`);
  }
  for (const folder of searchPath.split(path.delimiter).filter(Boolean)) {
    const candidate = path.join(folder, name);
    if (await isProgram(candidate)) return candidate;
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
