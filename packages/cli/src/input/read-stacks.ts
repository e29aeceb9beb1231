import path from 'node:path';
import { CannotRunError } from '../exit-status.js';
import type { Io } from '../io.js';
import { readStack } from '../stack/read-stack.js';
import type { Stack } from '../stack/stack.js';
import { readVariables } from './environment.js';
import { readSourceFile } from './read-files.js';

/** Which files are which stacks, as the command line says. */
export interface StackArguments {
  /** `FILE` or `NAME=FILE`, each a stack of its own. */
  readonly files: readonly string[];
  /** Files of one stack, the later wins. */
  readonly merged: readonly string[];
  readonly stack: string | undefined;
  readonly envFiles: readonly string[];
}

/** @throws {CannotRunError} when there is no file, or one cannot be read */
export async function readStacks(given: StackArguments, io: Io): Promise<readonly Stack[]> {
  const { files, merged, stack, envFiles } = given;
  if (files.length + merged.length === 0)
    throw new CannotRunError('no stack file was given; usage: dflow COMMAND [FILE…], see --help');
  const groups = [
    ...(merged.length > 0 ? [{ name: nameOf(merged[0] ?? ''), files: merged }] : []),
    ...files.map((file) => {
      const [, name, rest] = /^([A-Za-z0-9][\w.-]*)=(.+)$/.exec(file) ?? [];
      return name === undefined || rest === undefined
        ? { name: nameOf(file), files: [file] }
        : { name, files: [rest] };
    }),
  ];
  if (stack !== undefined && groups.length > 1)
    throw new CannotRunError('--stack goes with one stack; give NAME=FILE for each of several');
  const environment = await readVariables(envFiles, io);
  return Promise.all(
    groups.map(async (group) =>
      readStack(await Promise.all(group.files.map((file) => readSourceFile(file, io))), {
        name: stack ?? group.name,
        environment,
      }),
    ),
  );
}

/** `stacks/shop.yml` is `shop`. */
function nameOf(file: string): string {
  return file === '-' ? 'stack' : path.basename(file).replace(/\.(?:ya?ml|json)$/, '');
}
