import type { SerialQueue } from '@docker-flow/daemon/concurrency/serial-queue';
import { rememberLook } from '../core/service-memory.js';
import { DockerError, type InspectedService } from '../ports.js';
import { hasScalingLabel } from '../services/service-policy.js';
import { CHECK_AGAIN_MS, restoreService, type RestoreDeps, type RestoreResult } from './restore-service.js';

/** What was found when a service was checked after somebody else may have changed it. */
export type ResetCheck =
  | RestoreResult
  | { readonly kind: 'noticed'; readonly service: string; readonly from: number; readonly to: number }
  | { readonly kind: 'removed' };

export interface CheckDeps extends RestoreDeps {
  /** One piece of work per service at a time. */
  readonly queue: SerialQueue;
}

/**
 * Reads one service and, when a deploy has taken it away from the count that the scaler had in force, puts
 * that count back. Without a count in force it only remembers what it has seen.
 *
 * @throws {DockerError} when Docker cannot be asked
 */
export function checkForReset(id: string, deps: CheckDeps): Promise<ResetCheck> {
  return deps.queue.run(id, () => check(id, deps));
}

async function check(id: string, deps: CheckDeps): Promise<ResetCheck> {
  const { swarm, state, queue } = deps;
  const knownBefore = state.memoryOf(id);
  let service: InspectedService;
  try {
    service = await swarm.inspectService(id);
  } catch (error) {
    if (!(error instanceof DockerError && error.dockerStatus === 404)) throw error;
    state.forget(id);
    return { kind: 'removed' };
  }
  queue.alias(service.name, service.id);
  const { name, replicas } = service;
  const memory = state.memoryOf(id);
  if (memory !== knownBefore) {
    // The first request for a service comes by its name, which was not known to mean the same queue yet.
    return { kind: 'again', service: name, why: 'it was scaled meanwhile', pauseMs: CHECK_AGAIN_MS };
  }
  if (replicas === undefined || (memory === undefined && !hasScalingLabel(service, deps.config))) {
    return { kind: 'nothing' };
  }
  const inForce = memory?.inForce?.replicas;
  if (memory === undefined || inForce === undefined || inForce === replicas) {
    const seen = memory?.seenReplicas;
    state.remember(id, name, (before) => rememberLook(before, replicas));
    return seen === undefined || seen === replicas
      ? { kind: 'nothing' }
      : { kind: 'noticed', service: name, from: seen, to: replicas };
  }
  return restoreService({ service, replicas, inForce, memory }, { mayDisturbRollout: false }, deps);
}
