import '@docker-flow/daemon/process/small-heap';
import { InvalidConfigurationError, messageOf } from '@docker-flow/daemon/errors';
import { httpServer } from '@docker-flow/daemon/http/server';
import { runActors, stopSignal, type Actor } from '@docker-flow/daemon/process/lifecycle';
import { createLogger } from '@docker-flow/daemon/log/logger';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { readConfig, type Config } from './config/config.js';
import { createProgram } from './program.js';

const PROGRAM = 'swarm-listener';
const VERSION = process.env['npm_package_version'] ?? '0.1.0';
/** Ping answers when the first look at Docker has been made, or after so long without. */
const FIRST_TRY_MS = 1_000;

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof InvalidConfigurationError)) throw error;
    createLogger({ program: PROGRAM }).error('Invalid configuration', {
      reason: messageOf(error),
      problems: error.details,
    });
    process.exit(1);
  }
}

const config = configOrExit();
const logger = createLogger({ program: PROGRAM, level: config.logLevel });
logger.info('Starting Docker Flow: Swarm Listener', {
  docker: config.docker.description,
  createServices: config.services.create.map((one) => one.url),
  removeServices: config.services.remove.map((one) => one.url),
  createNodes: config.nodes.create.map((one) => one.url),
  removeNodes: config.nodes.remove.map((one) => one.url),
});
for (const issue of config.issues) logger.warn('Invalid configuration', { ...issue });

const program = await createProgram(config, { logger, version: VERSION });
const http: Actor = {
  name: 'http',
  async run(signal) {
    await Promise.race([program.firstTry, sleep(FIRST_TRY_MS, signal)]);
    const server = httpServer(program.app, config.listen, (bound) => logger.info('Listening', { ...bound }));
    await server.run(signal);
  },
};
process.exit(await runActors([http, ...program.actors], { logger, stop: stopSignal() }));
