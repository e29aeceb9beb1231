import { AppError, ConflictError } from '@docker-flow/daemon/errors';
import type { ScalingConfig } from '../config/config.js';
import { isHalted, isRollingOut, updateForbids } from '../core/scaling/decide.js';
import type { Direction } from '../core/scaling/scale-request.js';
import { rememberForeignCount, rememberRestore } from '../core/service-memory.js';
import type { InspectedService, Swarm, SwarmService } from '../ports.js';
import { readServicePolicy } from '../services/service-policy.js';
import { writeReplicas } from '../services/write-replicas.js';
import type { State } from '../state/state.js';
import type { ForeignCount, ResetDetection } from './reset-detection.js';

/** What became of a service with another count than the one in force. */
export type RestoreResult =
  | { readonly kind: 'nothing' }
  /** Check again soon: a deploy may still be under way, or a rollout must end first. */
  | {
      readonly kind: 'again';
      readonly service: string;
      readonly why: string;
      readonly pauseMs: number;
      /** Only a person can end what is waited for. */
      readonly halted?: { readonly inForce: number; readonly replicas: number };
    }
  | {
      readonly kind: 'restored';
      readonly service: string;
      readonly from: number;
      readonly to: number;
      readonly trace: string;
    }
  | {
      readonly kind: 'left';
      readonly service: string;
      readonly inForce: number;
      readonly replicas: number;
      readonly why: string;
    };

export interface RestoreDeps {
  readonly swarm: Swarm;
  readonly state: State;
  readonly config: ScalingConfig;
  readonly detection: ResetDetection;
  readonly now: () => number;
}

export const CHECK_AGAIN_MS = 250;
const ROLLOUT_PAUSE_MS = 2_000;

export interface RestoreOptions {
  /** Whether the count may be written although the rollout may then not be rolled back any more. */
  readonly mayDisturbRollout: boolean;
}

/**
 * When a deploy has taken a service away from the count in force, puts that count back, inside the bounds of
 * its labels. A count that somebody set on purpose is left alone. Must be called within the service's queue.
 *
 * @throws {DockerError} when Docker cannot be asked
 * @throws {ScaleError} when Docker rejects the count
 */
export async function restoreService(
  foreign: ForeignCount,
  { mayDisturbRollout }: RestoreOptions,
  deps: RestoreDeps,
): Promise<RestoreResult> {
  const { service, replicas, inForce, memory } = foreign;
  const { state, detection, now } = deps;
  const { id, name } = service;
  function leave(why: string): RestoreResult {
    state.remember(id, name, (before) => rememberForeignCount(before, replicas));
    return { kind: 'left', service: name, inForce, replicas, why };
  }
  function again(why: string, pauseMs = CHECK_AGAIN_MS): RestoreResult & { readonly kind: 'again' } {
    return { kind: 'again', service: name, why, pauseMs };
  }

  const verdict = await detection.detect(foreign);
  if (state.memoryOf(id) !== memory) return again('it was scaled meanwhile');
  if (verdict.kind === 'wait') return again('a deploy may be under way');
  if (verdict.kind === 'manual') return leave(verdict.trace);

  const { policy } = readServicePolicy(service, deps.config);
  if (policy.paused.value) return leave(`scaling is paused (${policy.paused.from})`);
  if (!policy.restore.value) return leave(`restoring is switched off (${policy.restore.from})`);
  const { fileReplicas } = memory;
  if (fileReplicas !== undefined && replicas > fileReplicas && replicas > inForce) {
    state.remember(id, name, (before) => ({ ...before, fileReplicas: replicas }));
    return leave(`its stack file now asks for ${replicas} replicas instead of ${fileReplicas}`);
  }
  const wanted = Math.min(policy.max.value, Math.max(policy.min.value, inForce));
  if (wanted !== replicas) {
    const obstacle = obstacleOf(service, wanted > replicas ? 'up' : 'down', mayDisturbRollout);
    if (obstacle !== undefined) {
      const waiting = again(obstacle, ROLLOUT_PAUSE_MS);
      return isHalted(service.updateState) ? { ...waiting, halted: { inForce, replicas } } : waiting;
    }
    try {
      await writeReplicas(service, wanted, deps.swarm);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      return again('somebody else was faster');
    }
  }
  detection.noteDeploy(service, verdict.evidence);
  const restored = { fileReplicas: replicas, restored: wanted };
  state.remember(id, name, (before) => rememberRestore(before, restored, now()));
  if (wanted === replicas) return { kind: 'nothing' };
  return { kind: 'restored', service: name, from: replicas, to: wanted, trace: verdict.trace };
}

/**
 * Before a step is decided from a count that is not the one in force: puts back what a deploy has reset, so
 * that an alert which is faster than the restoring does not make the deploy's count the one in force. A step
 * up is written during a rollout anyway, so then the restoring need not wait for its end either.
 *
 * The function answers whether the service was written. It must be called within the service's queue.
 */
export function createRestoreFirst(
  deps: RestoreDeps,
  onResult: (result: RestoreResult) => void,
): (service: InspectedService, direction: Direction) => Promise<boolean> {
  return async (service, direction) => {
    const memory = deps.state.memoryOf(service.id);
    const inForce = memory?.inForce?.replicas;
    const { replicas } = service;
    if (memory === undefined || inForce === undefined || replicas === undefined) return false;
    if (inForce === replicas) return false;
    const foreign = { service, replicas, inForce, memory };
    try {
      const result = await restoreService(foreign, { mayDisturbRollout: direction === 'up' }, deps);
      onResult(result);
      return result.kind === 'restored';
    } catch (error) {
      // The step is decided from what is there; it meets the same trouble itself if that lasts.
      if (error instanceof AppError) return false;
      throw error;
    }
  };
}

/**
 * Why the count must wait for the rollout that a deploy has begun. Writing it now would make the new spec
 * also the "previous" one, and a rollout that fails could not be rolled back to anything that worked.
 */
function obstacleOf(
  { updateState, failureAction }: SwarmService,
  direction: Direction,
  mayDisturbRollout: boolean,
): string | undefined {
  if (updateForbids(direction, updateState)) return `its update is ${updateState ?? ''}`;
  return failureAction === 'rollback' && !mayDisturbRollout && isRollingOut(updateState)
    ? 'its update may have to be rolled back'
    : undefined;
}
