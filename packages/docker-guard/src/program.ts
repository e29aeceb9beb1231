import { untilAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { httpServer, type ServerLimits } from '@docker-flow/daemon/http/server';
import { createMetrics } from '@docker-flow/daemon/metrics';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { CommonDeps, Program, ProgramDefinition } from '@docker-flow/daemon/process/run-program';
import { createEngine } from './adapters/engine.js';
import { createGuard } from './api/guard.js';
import { readConfig, type Config } from './config/config.js';
import { createGuardMetrics } from './metrics.js';

/** A scaler has a handful of connections, one of them for events. */
const LIMITS: ServerLimits = { maxHeaderBytes: 32 * 1_024, maxConnections: 64 };

export const program: ProgramDefinition<Config> = {
  name: 'docker-guard',
  readConfig,
  createProgram,
  describe: ({ docker }) => ({ docker: docker.description }),
};

export interface GuardProgramDeps extends Pick<CommonDeps, 'logger' | 'version'> {
  readonly onListening?: (bound: ListenAddress) => void;
}

/** Puts all parts together. */
export function createProgram(config: Config, { logger, version, onListening }: GuardProgramDeps): Program {
  const registry = createMetrics({ program: program.name, version });
  const guard = createGuard({
    engine: createEngine(config.docker),
    metrics: createGuardMetrics(registry),
    logger,
    options: { rescheduleKey: config.rescheduleKey },
  });
  const app = createHttpApp({
    logger,
    registry,
    routes: (routes) => void routes.use((request, response, next) => guard.handle(request, response, next)),
  });
  const http = httpServer(
    app,
    config.listen,
    (bound) => {
      logger.info('Listening', { ...bound });
      onListening?.(bound);
    },
    LIMITS,
  );
  const streams: Actor = {
    name: 'streams',
    async run(signal) {
      await untilAborted(signal);
      guard.close();
    },
  };
  return { actors: [http, streams] };
}
