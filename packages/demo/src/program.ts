import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { httpServer } from '@docker-flow/daemon/http/server';
import { createMetrics } from '@docker-flow/daemon/metrics';
import type { CommonDeps, Program, ProgramDefinition } from '@docker-flow/daemon/process/run-program';
import { createPeople } from './adapters/people.js';
import { addRoutes, HELLO, ROUTES } from './api/routes.js';
import { readConfig, type Config } from './config/config.js';
import { describeDatabase } from './core/database.js';
import { createDatabaseActor } from './database.js';
import { measureResponseTimes } from './response-times.js';
import { createSelfPing, ownUrl } from './self-ping.js';

const SELF_PING_LIMIT_MS = 5_000;

export const program: ProgramDefinition<Config> = {
  name: 'demo',
  readConfig,
  createProgram,
  describe: ({ serviceName, database }) => ({ service: serviceName, database: describeDatabase(database) }),
};

export interface DemoDeps extends Pick<CommonDeps, 'logger' | 'version'> {
  readonly onListening?: (bound: ListenAddress) => void;
}

/** Puts all parts together. */
export function createProgram(config: Config, { logger, version, onListening }: DemoDeps): Program {
  const registry = createMetrics({ program: program.name, version });
  const people = createPeople(config.database, logger.child({ part: 'database' }));
  const database = createDatabaseActor(people, logger);
  const app = createHttpApp({
    logger,
    registry,
    notReady: database.notReady,
    routes(routes) {
      routes.use(measureResponseTimes(registry, config.serviceName, ROUTES));
      const { errorShare, shownVersion } = config;
      addRoutes(routes, { people, logger, random: Math.random, errorShare, shownVersion });
    },
  });
  let url: string | undefined;
  const http = httpServer(app, config.listen, (bound) => {
    url = ownUrl(bound, HELLO);
    logger.info('Listening', { ...bound });
    onListening?.(bound);
  });
  const selfPing = createSelfPing({
    client: createHttpClient({ timeoutMs: SELF_PING_LIMIT_MS }),
    logger,
    intervalMs: config.pingIntervalMs,
    url: () => url,
  });
  return {
    actors: [database, http, ...(config.pingIntervalMs > 0 ? [selfPing] : [])],
    close: () => people.close(),
  };
}
