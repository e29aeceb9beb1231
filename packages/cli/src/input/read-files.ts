import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { CannotRunError } from '../exit-status.js';
import type { Io } from '../io.js';
import type { SourceFile } from '../stack/read-stack.js';

/** What the name `-` is called in every report. */
export const STDIN = '<stdin>';

/** @throws {CannotRunError} naming the file when it cannot be read */
export async function readSourceFile(name: string, io: Io): Promise<SourceFile> {
  if (name === '-') return { name: STDIN, bytes: await buffer(Readable.from(io.stdin)) };
  try {
    return { name, bytes: await readFile(name) };
  } catch (error) {
    throw new CannotRunError(`${name}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'is a folder, not a file';
    case 'EACCES':
      return 'may not be read';
    default:
      return 'cannot be read';
  }
}
