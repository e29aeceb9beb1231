import type { Environment } from '@docker-flow/daemon/config/environment';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Parameters } from '@docker-flow/labels';
import { environmentServices } from './environment-services.js';
import type { ServiceRequests } from './service-requests.js';

export interface StartupDeps {
  readonly requests: Pick<ServiceRequests, 'upsertAll'>;
  /** Runs the configuration of an earlier life of this container. */
  readonly resume: () => Promise<void>;
  readonly logger: Logger;
}

export interface StartupOptions {
  readonly environment: Environment;
  /** Services of the last run. */
  readonly saved: readonly Parameters[];
}

/**
 * Before the first run: what ran before runs at once, then services of the environment and of the last run are read,
 * so that the first new configuration holds all of them. Those of the environment win. The API answers meanwhile, and
 * what it is told is newer than all this.
 */
export async function prepareFirstRun(
  { requests, resume, logger }: StartupDeps,
  { environment, saved }: StartupOptions,
): Promise<void> {
  // Nothing is awaited before this call: no request can have come yet.
  const read = requests.upsertAll(servicesAtStart(environment, saved));
  const resumed = resume().catch((error: unknown) => {
    logger.warn('The last configuration could not be started', { reason: messageOf(error) });
  });
  await Promise.all([read, resumed]).catch((error: unknown) => {
    logger.error('Services could not be read at start', { reason: messageOf(error) });
  });
  await resumed;
}

function servicesAtStart(environment: Environment, saved: readonly Parameters[]): readonly Parameters[] {
  const own = environmentServices(environment);
  const names = new Set(own.map(({ serviceName }) => serviceName));
  return [...saved.filter(({ serviceName }) => !names.has(serviceName)), ...own];
}
