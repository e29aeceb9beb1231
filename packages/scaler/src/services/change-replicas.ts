import type { SerialQueue } from '@docker-flow/daemon/concurrency/serial-queue';
import { ConflictError, messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { UnplacedTasks } from '../core/scaling/decide.js';
import type { Direction } from '../core/scaling/scale-request.js';
import { unplacedTasks } from '../core/scaling/unplaced-tasks.js';
import { rememberChange } from '../core/service-memory.js';
import { DockerError, type InspectedService, type Swarm, type SwarmService } from '../ports.js';
import type { State } from '../state/state.js';
import { findByShortName } from './find-by-short-name.js';
import { ScaleError, writeReplicas } from './write-replicas.js';

export interface ChangeReplicasOptions<T> {
  /** Name or id, as the caller named it. */
  readonly service: string;
  /** Before a step in this direction, what a deploy has reset is put back; absent: decide from what is there. */
  readonly restoreBefore: Direction | undefined;
  /** Decides from what was just read. It is asked again when somebody else was faster with a write. */
  readonly decide: (service: SwarmService, unplaced: UnplacedTasks | undefined) => Change<T>;
}

/** What a decision makes of a service. */
export interface Change<T> {
  /** What the caller is answered. */
  readonly result: T;
  /** The count to write, and why, for people; absent: nothing is written. */
  readonly write?: { readonly from: number; readonly to: number; readonly reason: string } | undefined;
  /** Called when it is done, before the next work for the service begins. */
  readonly onDone?: () => void;
}

export interface ChangeReplicasDeps {
  readonly swarm: Swarm;
  readonly state: State;
  /** One piece of work per service at a time. */
  readonly queue: SerialQueue;
  readonly logger: Logger;
  readonly now: () => number;
  /** Puts back what a deploy has reset before a step is decided; answers whether it wrote the service. */
  readonly restoreFirst: (service: InspectedService, direction: Direction) => Promise<boolean>;
  /** Waits before the next attempt when somebody else changed the service meanwhile. */
  readonly pause: (ms: number) => Promise<void>;
}

const UPDATE_ATTEMPTS = 12;

/**
 * The one way to a new count, whoever decides it: reads the service in its turn, lets `decide` choose, writes
 * over the version that was read, and remembers the change as the scaler's own. When somebody else was faster,
 * all of it again.
 *
 * @throws {ScaleError} when the service cannot be read or written
 */
export function changeReplicas<T>(options: ChangeReplicasOptions<T>, deps: ChangeReplicasDeps): Promise<T> {
  return deps.queue.run(options.service, () => tryRepeatedly(options, deps));
}

async function tryRepeatedly<T>(options: ChangeReplicasOptions<T>, deps: ChangeReplicasDeps): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await changeOnce(options, deps);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      if (attempt >= UPDATE_ATTEMPTS) throw new ScaleError(error.message, { cause: error });
      deps.logger.info('Service changed meanwhile, deciding again', { service: options.service, attempt });
      await deps.pause(10 * attempt + Math.random() * 20);
    }
  }
}

async function changeOnce<T>(options: ChangeReplicasOptions<T>, deps: ChangeReplicasDeps): Promise<T> {
  const { swarm, state, now } = deps;
  const service = await inspectRestored(options, deps);
  const unplaced = options.restoreBefore === 'up' ? await readUnplaced(service, deps) : undefined;
  const { result, write, onDone } = options.decide(service, unplaced);
  if (write !== undefined) {
    await writeReplicas(service, write.to, swarm);
    state.remember(service.id, service.name, (before) => rememberChange(before, write, now()));
  }
  onDone?.();
  return result;
}

/** The service to decide about. From now on its name and its id mean the same queue. */
async function inspectRestored(
  { service: asked, restoreBefore }: Pick<ChangeReplicasOptions<unknown>, 'service' | 'restoreBefore'>,
  { swarm, queue, restoreFirst }: ChangeReplicasDeps,
): Promise<InspectedService> {
  const service = await inspect(asked, swarm);
  for (const name of [service.name, asked]) queue.alias(name, service.id);
  if (restoreBefore === undefined) return service;
  return (await restoreFirst(service, restoreBefore)) ? inspect(service.id, swarm) : service;
}

async function inspect(name: string, swarm: Swarm): Promise<InspectedService> {
  try {
    return await inspectAnyName(name, swarm);
  } catch (error) {
    const message = `docker inspect failed in ScalerService: ${messageOf(error)}`;
    throw new ScaleError(message, { cause: error, isLasting: isUnknown(error) });
  }
}

async function inspectAnyName(name: string, swarm: Swarm): Promise<InspectedService> {
  try {
    return await swarm.inspectService(name);
  } catch (error) {
    const id = isUnknown(error) ? await findByShortName(name, swarm).catch(() => undefined) : undefined;
    if (id === undefined) throw error;
    return swarm.inspectService(id);
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof DockerError && error.dockerStatus === 404;
}

/** Whoever may not list tasks, or cannot just now, is not kept from a step. */
async function readUnplaced({ id }: SwarmService, { swarm, logger }: ChangeReplicasDeps) {
  try {
    return unplacedTasks(await swarm.listTasks([id]));
  } catch (error) {
    logger.debug('Tasks cannot be listed', { reason: messageOf(error) });
    return undefined;
  }
}
