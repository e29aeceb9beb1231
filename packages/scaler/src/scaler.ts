import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { createMetrics } from '@docker-flow/daemon/metrics';
import type { CommonDeps, Program, ProgramDefinition } from '@docker-flow/daemon/process/run-program';
import { readConfig, type Config } from './config/config.js';
import { createScalerMetrics } from './metrics.js';
import { createNeighbours } from './neighbours.js';
import { createProgram } from './program.js';
import { openState } from './state/open-state.js';

const NAME = 'scaler';
/** Requests, the last alerts and messages, and the state must fit into Docker's 10 seconds. */
const GRACE_MS = 6_000;
const LAST_SENDS_MS = 2_000;

export interface ScalerDeps extends Pick<CommonDeps, 'logger' | 'version'> {
  /** The AWS SDK reads its variables from here by itself; those of the AWS file are added. */
  readonly environment: NodeJS.ProcessEnv;
  readonly onListening?: (bound: ListenAddress) => void;
}

/** How the process runs it. */
export function scalerProgram(environment: NodeJS.ProcessEnv): ProgramDefinition<Config> {
  return {
    name: NAME,
    readConfig,
    createProgram: (config, deps) => createScaler(config, { ...deps, environment }),
    graceMs: GRACE_MS,
  };
}

/** The program with its real neighbours and its state file. Nothing runs before the actors do. */
export async function createScaler(config: Config, deps: ScalerDeps): Promise<Program> {
  const { environment, logger, version, onListening } = deps;
  const registry = createMetrics({ program: NAME, version });
  const metrics = createScalerMetrics(registry);
  const now = () => Date.now();
  const neighbours = await createNeighbours(config, { environment, metrics, logger, now });
  const { state, actors, flush } = await openState(
    { file: config.stateFile, limits: config.activityLimits },
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
