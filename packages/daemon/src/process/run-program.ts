import { readFileSync } from 'node:fs';
import type { Environment, LogLevel } from '../config/environment.js';
import { problemsOf } from '../config/problem-list.js';
import { InvalidConfigurationError, messageOf } from '../errors.js';
import { createLogger, type LogFields, type Logger } from '../log/logger.js';
import { runActors, type Actor } from './lifecycle.js';

/** What every program reads from its environment. */
export interface CommonConfig {
  readonly logLevel: LogLevel;
  /** Texts that must never be printed. */
  readonly secrets?: readonly string[];
  /** What could not be read and is left out, one line each; the rest works. */
  readonly warnings?: readonly string[];
}

/** What every program is given. */
export interface CommonDeps {
  readonly logger: Logger;
  readonly version: string;
  /** Where the lines of a child process go. */
  readonly print: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** A program that is put together and does nothing yet. */
export interface Program {
  readonly actors: readonly Actor[];
  /** After the last actor has ended: writes what is to be written, removes what is temporary. */
  readonly close?: () => Promise<void>;
}

/** Everything that makes one program out of the shared parts. */
export interface ProgramDefinition<C extends CommonConfig> {
  /** As in the log and in the metrics. */
  readonly name: string;
  /** @throws {InvalidConfigurationError} with all problems at once */
  readonly readConfig: (environment: Environment, argv: readonly string[]) => C;
  readonly createProgram: (config: C, deps: CommonDeps) => Program | Promise<Program>;
  /** What the first line of the log says of the configuration. */
  readonly describe?: (config: C) => LogFields;
  /** How long actors may take to end; with `close` below Docker's 10 s. */
  readonly graceMs?: number;
}

export interface RunProgramOptions {
  readonly environment: Environment;
  /** The arguments behind the name of the script. */
  readonly argv?: readonly string[];
  /** Aborts when the program shall end. */
  readonly stop: AbortSignal;
  readonly version: string;
  /** Where the log goes; standard output when absent. */
  readonly stream?: NodeJS.WritableStream;
}

/**
 * The one way to start and end a program: reads its configuration, puts it together, runs its actors until one ends or
 * `stop` aborts, and closes it. Answers the exit status.
 */
export async function runProgram<C extends CommonConfig>(
  definition: ProgramDefinition<C>,
  options: RunProgramOptions,
): Promise<number> {
  const { name: program, graceMs } = definition;
  const { version, stop } = options;
  const output = options.stream === undefined ? {} : { stream: options.stream };
  let config: C;
  try {
    config = definition.readConfig(options.environment, options.argv ?? []);
  } catch (error) {
    if (!(error instanceof InvalidConfigurationError)) throw error;
    createLogger({ program, ...output }).error('Invalid configuration', { problems: problemsOf(error) });
    return 1;
  }
  const { logLevel: level, secrets = [], warnings = [] } = config;
  const logger = createLogger({ program, level, secrets, ...output });
  logger.info('Starting', { version, ...definition.describe?.(config) });
  for (const reason of warnings) logger.warn('Part of the configuration is ignored', { reason });
  let running: Program;
  try {
    running = await definition.createProgram(config, { logger, version, print });
  } catch (error) {
    logger.error('The program cannot start', { reason: messageOf(error), err: error });
    return 1;
  }
  const status = await runActors(running.actors, {
    logger,
    stop,
    ...(graceMs === undefined ? {} : { graceMs }),
  });
  await running.close?.();
  return status;
}

/** The version in a program's package.json. */
export function readVersion(packageFile: URL): string {
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}

function print(line: string, stream: 'stdout' | 'stderr'): void {
  process[stream].write(`${line}\n`);
}
