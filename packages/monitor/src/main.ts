import {
  InvalidConfigurationError,
  createLogger,
  messageOf,
  runActors,
  stopSignal,
} from '@docker-flow/daemon';
import { readConfig, type Config } from './config.js';
import { createProgram } from './program.js';

const program = 'monitor';

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof InvalidConfigurationError)) throw error;
    createLogger({ program }).error('The configuration cannot be read', {
      reason: messageOf(error),
      problems: error.details,
    });
    process.exit(1);
  }
}

const stop = stopSignal();
const config = configOrExit();
const logger = createLogger({ program, level: config.logLevel, secrets: config.secrets });
const { actors, close } = await createProgram(config, {
  logger,
  version: process.env['npm_package_version'] ?? '0.1.0',
  print: (line, stream) => process[stream].write(`${line}\n`),
});
const status = await runActors(actors, { logger, stop });
await close();
process.exit(status);
