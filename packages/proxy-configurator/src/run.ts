import type { Environment } from '@docker-flow/daemon/config/environment';
import { InvalidConfigurationError, messageOf } from '@docker-flow/daemon/errors';
import { createLogger } from '@docker-flow/daemon/log/logger';
import { runActors } from '@docker-flow/daemon/process/lifecycle';
import { readConfig, type Config } from './config/config.js';
import { createProgram, type ProgramDeps } from './program.js';

const program = 'proxy-configurator';
/** HAProxy's requests in flight must fit into Docker's 10 seconds. */
const GRACE_MS = 3_800;

export interface RunOptions extends Pick<ProgramDeps, 'version' | 'print' | 'onInstalled'> {
  /** Aborts when the program shall end. */
  readonly stop: AbortSignal;
}

/** Runs the whole program; answers its exit status. */
export async function runProxy(
  environment: Environment,
  argv: readonly string[],
  { stop, ...deps }: RunOptions,
): Promise<number> {
  const config = configOf(environment, argv);
  if (!config) return 1;
  const logger = createLogger({ program, level: config.logLevel, secrets: config.secrets });
  const { actors, close } = await createProgram(config, { ...deps, logger });
  const status = await runActors(actors, { logger, stop, graceMs: GRACE_MS });
  await close();
  return status;
}

function configOf(environment: Environment, argv: readonly string[]): Config | undefined {
  try {
    return readConfig(environment, argv);
  } catch (error) {
    if (!(error instanceof InvalidConfigurationError)) throw error;
    createLogger({ program }).error('Invalid configuration', {
      reason: messageOf(error),
      problems: error.details,
    });
    return undefined;
  }
}
