import { messageOf, type Actor, type Environment, type Logger } from '@docker-flow/daemon/without-docker';
import { environmentServices } from './core/environment-services.js';
import type { Proxy } from './proxy.js';
import type { StateFile } from './state-file.js';

export interface BootstrapParts {
  readonly environment: Environment;
  readonly state: StateFile;
  readonly proxy: Proxy;
  /** Runs the configuration of an earlier life of this container. */
  readonly resume: () => Promise<void>;
  readonly logger: Logger;
}

/**
 * The first configuration: what ran before at once, then services of the environment and of the last run in one
 * reload. Those of the environment win. The API answers meanwhile.
 */
export function createBootstrap({ environment, state, proxy, resume, logger }: BootstrapParts): Actor {
  return {
    name: 'bootstrap',
    async run(signal) {
      await resume().catch((error: unknown) => {
        logger.warn('The last configuration could not be started', { reason: messageOf(error) });
      });
      const own = environmentServices(environment);
      const names = new Set(own.map(({ serviceName }) => serviceName));
      const saved = (await state.load()).filter(({ serviceName }) => !names.has(serviceName));
      await proxy.adopt([...saved, ...own]).catch((error: unknown) => {
        logger.error('The first configuration is not live', { reason: messageOf(error) });
      });
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
  };
}
