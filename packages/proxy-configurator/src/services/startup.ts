import type { Environment } from '@docker-flow/daemon/config/environment';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Parameters } from '@docker-flow/labels';
import { environmentServices } from './environment-services.js';
import type { Proxy } from './service-requests.js';

export interface Bootstrap {
  readonly actor: Actor;
  /** Resolves when the first configuration may be built: a part of the services must not replace what runs. */
  readonly ready: Promise<void>;
}

export interface BootstrapParts {
  readonly environment: Environment;
  /** Services of the last run. */
  readonly saved: readonly Parameters[];
  readonly proxy: Proxy;
  /** Runs the configuration of an earlier life of this container. */
  readonly resume: () => Promise<void>;
  readonly logger: Logger;
}

/**
 * The first configuration: what ran before at once, then services of the environment and of the last run in one
 * reload. Those of the environment win. The API answers meanwhile, and what it is told is newer than all this.
 */
export function createBootstrap({ environment, saved, proxy, resume, logger }: BootstrapParts): Bootstrap {
  let begin: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (begin = resolve));

  async function prepare(): Promise<void> {
    // Nothing is awaited before this call: no request can have come yet.
    const taken = proxy.take(servicesAtStart(environment, saved));
    await resume().catch((error: unknown) => {
      logger.warn('The last configuration could not be started', { reason: messageOf(error) });
    });
    await taken;
  }

  return {
    ready,
    actor: {
      name: 'bootstrap',
      async run(signal) {
        try {
          await prepare().finally(begin);
          await proxy.refresh();
        } catch (error) {
          logger.error('The first configuration is not live', { reason: messageOf(error) });
        }
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          else signal.addEventListener('abort', () => resolve(), { once: true });
        });
      },
    },
  };
}

function servicesAtStart(environment: Environment, saved: readonly Parameters[]): readonly Parameters[] {
  const own = environmentServices(environment);
  const names = new Set(own.map(({ serviceName }) => serviceName));
  return [...saved.filter(({ serviceName }) => !names.has(serviceName)), ...own];
}
