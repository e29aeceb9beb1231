import { readFile } from 'node:fs/promises';
import type { Command, Option } from 'commander';
import { parse } from 'yaml';
import { CannotRunError } from '../../exit-status.js';

const DEFAULT_FILE = '.dflowrc.yaml';

/**
 * Takes over the flags of a file, which are written as on the command line, as YAML: `strict: true`,
 * `ignore: [DF404]`. What the command line says wins; what may be repeated adds up.
 *
 * @throws {CannotRunError} naming the file and the key
 */
export async function applyConfigFile(command: Command, given: string | undefined): Promise<void> {
  const file = given ?? DEFAULT_FILE;
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined && given === undefined) return;
  if (text === undefined) throw new CannotRunError(`--config ${file} cannot be read`);
  for (const [key, value] of Object.entries(parseFlags(text, file))) applyFlag(command, key, value, file);
}

function parseFlags(text: string, file: string): Readonly<Record<string, unknown>> {
  let flags: unknown;
  try {
    flags = parse(text);
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : '').split('\n');
    throw new CannotRunError(`${file} is not YAML: ${reason}`);
  }
  if (flags === null || flags === undefined) return {};
  if (typeof flags !== 'object' || Array.isArray(flags))
    throw new CannotRunError(`${file} is not a mapping of flags`);
  return flags as Readonly<Record<string, unknown>>;
}

function applyFlag(command: Command, key: string, value: unknown, file: string): void {
  const flag = key.replace(/^--/, '');
  const option = command.options.find(({ long }) => long === `--${flag}`);
  const negated = option ? undefined : command.options.find(({ long }) => long === `--no-${flag}`);
  const known = option ?? negated;
  if (!known || known.long === '--config') throw new CannotRunError(`${file}: there is no flag ${key}`);
  const name = known.attributeName();
  const isGiven = command.getOptionValueSource(name) === 'cli';
  const refuse = (expected: string) => new CannotRunError(`${file}: ${key} is not ${expected}`);
  if (!known.required) {
    if (typeof value !== 'boolean') throw refuse('true or false');
    if (!isGiven) command.setOptionValue(name, option?.negate === true ? !value : value);
    return;
  }
  const before: unknown = command.getOptionValue(name);
  if (Array.isArray(before)) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    command.setOptionValue(name, [...items.map((item) => textOf(item, refuse)), ...(before as unknown[])]);
    return;
  }
  const text = textOf(value, refuse);
  checkChoice(known, text, refuse);
  if (!isGiven) command.setOptionValue(name, text);
}

function textOf(value: unknown, refuse: (expected: string) => Error): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw refuse('a text');
}

function checkChoice({ argChoices }: Option, text: string, refuse: (expected: string) => Error): void {
  if (argChoices && !argChoices.includes(text)) throw refuse(`one of ${argChoices.join(', ')}`);
}
