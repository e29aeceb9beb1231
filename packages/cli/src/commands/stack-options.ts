import type { Command } from 'commander';
import type { ColorChoice } from '../report/color.js';
import { CannotRunError } from '../exit-status.js';
import type { StackArguments } from '../input/read-stacks.js';

/** Values of an option that may be repeated. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

/** What the command line says about stack files, as commander gives it. */
export interface StackOptions {
  readonly composeFile: readonly string[];
  readonly stack?: string;
  readonly envFile: readonly string[];
  readonly setting: readonly string[];
}

/** What every command takes. */
export interface CommonOptions {
  readonly color: ColorChoice;
}

/** The options of every command that reads stacks. */
export function addStackOptions(command: Command): Command {
  return command
    .option('-c, --compose-file <file>', 'files of one stack; the later wins', collect, [])
    .option('--stack <name>', 'name of the stack')
    .option('--env-file <file>', 'variables for the files; the environment wins', collect, [])
    .option('--setting <name=value>', 'a variable of the programs', collect, []);
}

export const FILES = [
  '[files...]',
  'stack files, each FILE or NAME=FILE a stack of its own; - is standard input',
] as const;

export function stackArguments(files: readonly string[], options: StackOptions): StackArguments {
  const { composeFile, stack, envFile } = options;
  return { files, merged: composeFile, stack, envFiles: envFile };
}

/** One of several words, or the command line is wrong. */
export function oneOf<T extends string>(option: string, words: readonly T[], given: string): T {
  const found = words.find((word) => word === given);
  if (found === undefined) throw new CannotRunError(`${option} ${given} is none of ${words.join(', ')}`);
  return found;
}
