import { CannotRunError } from '../../exit-status.js';
import { deploymentOf } from '../../deployment/deployment.js';
import { readStacks } from '../../input/read-stacks.js';
import type { Io } from '../../io.js';
import { announcedService } from '../../programs/bare-service.js';
import { effectsOf, type ServiceEffect } from '../../programs/effects.js';
import { readProgramSettings } from '../../programs/program-settings.js';
import { readVariables } from '../../programs/variables.js';
import { formatFindings } from '../../report/text-report.js';
import { serviceNamed } from '../service-named.js';
import { stackArguments } from '../stack-options.js';
import type { Answers } from './answers.js';
import type { StatusOptions } from './options.js';

/** The services that are looked at. */
export interface Wanted {
  /** There are errors in the files: waiting would be in vain. */
  readonly isBroken: boolean;
  readonly services: (answers: Answers) => WantedServices;
}

interface WantedServices {
  readonly effects: readonly ServiceEffect[];
  /** Names that were asked for, and that no listener knows yet. */
  readonly missing: readonly string[];
}

/**
 * Those of files, of which errors are told first, else those that the listener knows.
 *
 * @throws {CannotRunError}
 */
export async function wantedServices(
  files: readonly string[],
  names: readonly string[],
  options: StatusOptions,
  io: Io,
): Promise<Wanted> {
  if (files.length + options.composeFile.length > 0) {
    const stacks = await readStacks(stackArguments(files, options), io);
    const checkers = { promtool: undefined, haproxy: undefined, searchPath: io.environment['PATH'] ?? '' };
    const { effects, findings } = await deploymentOf(stacks, { settings: options.setting, checkers });
    const errors = findings.filter(({ severity }) => severity === 'error');
    const sources = new Map(stacks.flatMap((stack) => [...stack.sources]));
    io.writeMessage(formatFindings(errors, sources, { hasColor: false }));
    const all = effects.services;
    const chosen =
      names.length === 0 ? all : names.map((name) => serviceNamed(all, name, ({ subject }) => subject));
    return { isBroken: errors.length > 0, services: () => ({ effects: chosen, missing: [] }) };
  }
  if (options.listener === undefined)
    throw new CannotRunError('status: without files the services are those of a listener; give --listener');
  const settings = readProgramSettings(await readVariables([], options.setting), { allowsRaw: true });
  return {
    isBroken: false,
    services({ listener }) {
      if (!listener?.ok) return { effects: [], missing: names };
      const own = [...listener.value].filter(
        ([name]) => options.stack === undefined || name.startsWith(`${options.stack}_`),
      );
      const subjects = own.map(([name, parameters]) => announcedService(name, parameters));
      const wanted = subjects.filter(({ fullName }) => names.length === 0 || names.includes(fullName));
      return {
        effects: effectsOf(subjects, settings, () => undefined).services.filter(({ subject }) =>
          wanted.includes(subject),
        ),
        missing: names.filter((name) => wanted.every(({ fullName }) => fullName !== name)),
      };
    },
  };
}
