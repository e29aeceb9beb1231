import type { SerialQueue } from '@docker-flow/daemon/concurrency/serial-queue';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { AppError, ConflictError, messageOf } from '@docker-flow/daemon/errors';
import type { RescheduleConfig } from '../config/config.js';
import {
  describeRescheduled,
  formatRescheduleDate,
  formatRescheduleFilter,
  refuseReschedule,
  rescheduleEnvironment,
} from '../core/reschedule.js';
import { replaceValue } from '@docker-flow/docker/objects/spec-text';
import type { InspectedService, Swarm, SwarmService } from '../ports.js';

export interface RescheduleDeps {
  readonly swarm: Swarm;
  readonly queue: SerialQueue;
  readonly config: RescheduleConfig;
  readonly now: () => number;
}

/** Rescheduling could not be done; the message is the answer. */
export class RescheduleError extends AppError {
  readonly code = 'reschedule_failed';
  readonly status = 500;
}

const ENVIRONMENT_PATH = ['TaskTemplate', 'ContainerSpec', 'Env'];
const UPDATE_ATTEMPTS = 12;

/** Makes Docker replace the tasks of one labelled service. @throws {RescheduleError} */
export async function rescheduleService(
  name: string,
  deps: RescheduleDeps,
  dryRun: boolean,
): Promise<string> {
  await deps.queue.run(name, async () => {
    const service = await inspect(name, deps.swarm);
    const refusal = refuseReschedule(name, service.labels, deps.config.filter);
    if (refusal !== undefined) throw new RescheduleError(refusal);
    if (dryRun) return;
    try {
      await replaceTasks(service, deps.now(), deps);
    } catch (error) {
      throw new RescheduleError(`Unable to reschedule service: ${messageOf(error)}`, { cause: error });
    }
  });
  return dryRun ? `Dry run: Rescheduled service: ${name}` : `Rescheduled service: ${name}`;
}

async function inspect(name: string, swarm: Swarm): Promise<InspectedService> {
  try {
    return await swarm.inspectService(name);
  } catch (error) {
    throw new RescheduleError(`Unable to inspect service ${name}: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Makes Docker replace the tasks of all labelled services, side by side. `atMs` becomes the date in their
 * environment.
 *
 * @throws {RescheduleError} when the services cannot be listed or some of them could not be updated
 */
export async function rescheduleServices(
  atMs: number,
  deps: RescheduleDeps,
  dryRun: boolean,
): Promise<string> {
  const services = await listLabelled(deps);
  if (dryRun) {
    return `Dry run: ${
      describeRescheduled(
        services.map(({ name }) => name),
        [],
      ).message
    }`;
  }
  const failures: unknown[] = [];
  const failed: string[] = [];
  const rescheduled: string[] = [];
  await Promise.all(
    services.map(async (service) => {
      try {
        await deps.queue.run(service.name, async () =>
          replaceTasks(await deps.swarm.inspectService(service.id), atMs, deps),
        );
        rescheduled.push(service.name);
      } catch (error) {
        failed.push(service.name);
        failures.push(error);
      }
    }),
  );
  const { ok, message } = describeRescheduled(rescheduled, failed);
  if (!ok) throw new RescheduleError(message, { cause: failures[0], details: failures.map(messageOf) });
  return message;
}

async function listLabelled({ swarm, config }: RescheduleDeps): Promise<readonly SwarmService[]> {
  try {
    return await swarm.listServices(formatRescheduleFilter(config.filter));
  } catch (error) {
    throw new RescheduleError(`Unable to get service list to reschedule: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Writes the date into the service's environment; when somebody else was faster, into what is there now. */
async function replaceTasks(
  service: InspectedService,
  atMs: number,
  { swarm, config }: RescheduleDeps,
): Promise<void> {
  let current = service;
  for (let attempt = 1; ; attempt += 1) {
    const environment = rescheduleEnvironment(
      current.environment,
      config.environmentKey,
      formatRescheduleDate(atMs),
    );
    if (environment === undefined) return;
    const specText = replaceValue(current.specText, ENVIRONMENT_PATH, JSON.stringify(environment));
    if (specText === undefined) throw new RescheduleError(`${current.name} has no container to reschedule`);
    try {
      await swarm.updateService(current, specText);
      return;
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt >= UPDATE_ATTEMPTS) throw error;
      await sleep(10 * attempt + Math.random() * 20);
      current = await swarm.inspectService(current.id);
    }
  }
}
