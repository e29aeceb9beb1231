import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { InvalidConfigurationError } from '@docker-flow/daemon/errors';
import { createLogger, type Logger } from '@docker-flow/daemon/log/logger';
import { createMetrics } from '@docker-flow/daemon/metrics';
import { runActors, type Actor } from '@docker-flow/daemon/process/lifecycle';
import { readConfig, type Config } from './config/config.js';
import { createScalerMetrics } from './metrics.js';
import { createNeighbours } from './neighbours.js';
import { createProgram } from './program.js';
import { openState } from './state/open-state.js';

const NAME = 'scaler';
/** Requests, the last alerts and messages, and the state must fit into Docker's 10 seconds. */
const GRACE_MS = 6_000;
const LAST_SENDS_MS = 2_000;

export interface ScalerDeps {
  /** The AWS SDK reads its variables from here by itself; those of the AWS file are added. */
  readonly environment: NodeJS.ProcessEnv;
  readonly logger: Logger;
  readonly version: string;
  readonly onListening?: (bound: ListenAddress) => void;
}

/** The program with its real neighbours and its state file. */
export interface Scaler {
  readonly actors: readonly Actor[];
  /** After the last actor has ended: what is still to be sent and written. */
  readonly close: () => Promise<void>;
}

/** Everything the configuration names, put together. Nothing runs before the actors do. */
export async function createScaler(config: Config, deps: ScalerDeps): Promise<Scaler> {
  const { environment, logger, version, onListening } = deps;
  const registry = createMetrics({ program: NAME, version });
  const metrics = createScalerMetrics(registry);
  const now = () => Date.now();
  const neighbours = await createNeighbours(config, { environment, metrics, logger, now });
  const { state, actors, flush } = await openState(
    { file: config.stateFile, limits: config.activityLimits, groupWindowMs: config.scaling.groupWindowMs },
    { logger, now },
  );
  const program = createProgram(config, {
    neighbours,
    state,
    registry,
    metrics,
    logger,
    now,
    ...(onListening ? { onListening } : {}),
  });
  return {
    actors: [...program.actors, ...actors],
    async close() {
      await Promise.race([neighbours.idle(), sleep(LAST_SENDS_MS)]);
      await flush();
    },
  };
}

export interface RunOptions {
  /** Aborts when the program shall end. */
  readonly stop: AbortSignal;
  readonly version: string;
}

/** Runs the whole program; answers its exit status. */
export async function runScaler(
  environment: NodeJS.ProcessEnv,
  { stop, version }: RunOptions,
): Promise<number> {
  const config = configOf(environment);
  if (!config) return 1;
  const logger = createLogger({ program: NAME, level: config.logLevel, secrets: config.secrets });
  const { actors, close } = await createScaler(config, { environment, logger, version });
  logger.info('Starting Docker Scaler');
  const status = await runActors(actors, { logger, stop, graceMs: GRACE_MS });
  await close();
  return status;
}

function configOf(environment: NodeJS.ProcessEnv): Config | undefined {
  try {
    return readConfig(environment);
  } catch (error) {
    if (!(error instanceof InvalidConfigurationError)) throw error;
    createLogger({ program: NAME }).error('Invalid configuration', {
      reason: error.message,
      problems: error.details,
    });
    return undefined;
  }
}
