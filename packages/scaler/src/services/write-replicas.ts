import { AppError, ConflictError, messageOf } from '@docker-flow/daemon/errors';
import { replaceValue } from '@docker-flow/docker/objects/spec-text';
import type { InspectedService, Swarm } from '../ports.js';

/** The request was understood, but Docker or the service's kind does not let it be done. The message is the answer. */
export class ScaleError extends AppError {
  readonly code = 'scale_failed';
  readonly status = 500;
  /** Whether the same request will fail again until somebody changes the service: there is none, or it has no count. */
  readonly isLasting: boolean;

  constructor(message: string, options: { readonly cause?: unknown; readonly isLasting?: boolean } = {}) {
    super(message, options);
    this.isLasting = options.isLasting ?? false;
  }
}

const REPLICAS_PATH = ['Mode', 'Replicated', 'Replicas'];

/**
 * Writes the spec that was read with another count; every other byte stays.
 *
 * @throws {ConflictError} when somebody else has written the service since it was read
 * @throws {ScaleError} when there is no place for a count, or Docker rejects the spec
 */
export async function writeReplicas(
  service: InspectedService,
  replicas: number,
  swarm: Swarm,
): Promise<void> {
  const specText = replaceValue(service.specText, REPLICAS_PATH, String(replicas));
  if (specText === undefined) throw new ScaleError(`${service.name} does not have a replicas value`);
  try {
    await swarm.updateService(service, specText);
  } catch (error) {
    if (error instanceof ConflictError) throw error;
    throw new ScaleError(messageOf(error), { cause: error });
  }
}
