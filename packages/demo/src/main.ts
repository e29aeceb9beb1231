import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withSecrets } from '@docker-flow/daemon/config/secrets';
import { messageOf } from '@docker-flow/daemon/errors';
import { fileRoot } from '@docker-flow/daemon/files/file-root';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { httpServer } from '@docker-flow/daemon/http/server';
import { createLogger } from '@docker-flow/daemon/log/logger';
import { createMetrics } from '@docker-flow/daemon/metrics';
import { runActors, stopSignal } from '@docker-flow/daemon/process/lifecycle';
import { createPeople } from './adapters/people.js';
import { readConfig, type Config } from './config/config.js';
import { describeDatabase } from './core/database.js';
import { createDatabaseActor } from './database.js';
import { measureResponseTimes } from './response-times.js';
import { HELLO, ROUTES, addRoutes } from './api/routes.js';
import { createSelfPing, ownUrl } from './self-ping.js';

const PROGRAM = 'demo';
const SELF_PING_LIMIT_MS = 5_000;

process.exit(await main());

async function main(): Promise<number> {
  const stop = stopSignal();
  const config = readConfigOrExit();
  const logger = createLogger({ program: PROGRAM, level: config.logLevel, secrets: secretsOf(config) });
  const registry = createMetrics({ program: PROGRAM, version: readVersion() });
  const people = createPeople(config.database, logger.child({ part: 'database' }));
  const database = createDatabaseActor(people, logger);
  const app = createHttpApp({
    logger,
    registry,
    notReady: database.notReady,
    routes: (routes) => {
      routes.use(measureResponseTimes(registry, config.serviceName, ROUTES));
      addRoutes(routes, { people, logger, random: Math.random });
    },
  });
  let url: string | undefined;
  const actors = [
    database,
    httpServer(app, config.listen, (bound) => {
      url = ownUrl(bound, HELLO);
      const { host, port } = bound;
      logger.info('Listening', {
        host,
        port,
        service: config.serviceName,
        database: describeDatabase(config.database),
      });
    }),
  ];
  if (config.pingIntervalMs > 0) {
    const client = createHttpClient({ timeoutMs: SELF_PING_LIMIT_MS });
    const ping = { client, logger, intervalMs: config.pingIntervalMs, url: () => url };
    actors.push(createSelfPing(ping));
  }
  const status = await runActors(actors, { logger, stop });
  await people.close();
  return status;
}

function readConfigOrExit(): Config {
  try {
    const environment = withSecrets(process.env, { names: ['DB'] });
    const inside = fileRoot(environment['DF_FS_ROOT']);
    return readConfig(environment, inside(path.join(tmpdir(), 'docker-flow-demo.sqlite')));
  } catch (error) {
    createLogger({ program: PROGRAM }).error(messageOf(error));
    process.exit(1);
  }
}

function secretsOf({ database }: Config): readonly string[] {
  if (database.kind === 'sqlite') return [];
  const { password } = new URL(database.url);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}

function readVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
