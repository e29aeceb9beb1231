import type { Environment } from '@docker-flow/daemon/config/environment';
import { InvalidConfigurationError, messageOf } from '@docker-flow/daemon/errors';
import { createLogger } from '@docker-flow/daemon/log/logger';
import { runActors } from '@docker-flow/daemon/process/lifecycle';
import { readConfig, type Config } from './config/config.js';
import { createProgram, type ProgramOptions } from './program.js';

const program = 'monitor';

export interface RunOptions extends Pick<ProgramOptions, 'version' | 'print' | 'onInstalled'> {
  /** Aborts when the program shall end. */
  readonly stop: AbortSignal;
}

/** Runs the whole program; answers its exit status. */
export async function runMonitor(environment: Environment, options: RunOptions): Promise<number> {
  const config = configOf(environment);
  if (!config) return 1;
  const logger = createLogger({ program, level: config.logLevel, secrets: config.secrets });
  const { actors, close } = await createProgram(config, { ...options, logger });
  const status = await runActors(actors, { logger, stop: options.stop });
  await close();
  return status;
}

function configOf(environment: Environment): Config | undefined {
  try {
    return readConfig(environment);
  } catch (error) {
    if (!(error instanceof InvalidConfigurationError)) throw error;
    createLogger({ program }).error('The configuration cannot be read', {
      reason: messageOf(error),
      problems: error.details,
    });
    return undefined;
  }
}
