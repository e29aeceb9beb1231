import { AppError, ConflictError } from '@docker-flow/daemon/errors';
import type { Direction } from '../core/count-change.js';
import type { ScalingConfig } from '../config/config.js';
import { isRollingOut, updateForbids } from '../core/decide.js';
import {
  judgeReset,
  tracesUsedUpTo,
  type LastUpdate,
  type ResetEvidence,
  type ResetVerdict,
  type StackSibling,
} from '../core/restore.js';
import {
  rememberForeignCount,
  rememberLook,
  rememberRestore,
  type ServiceMemory,
} from '../core/service-memory.js';
import { DockerError } from '../adapters/docker-error.js';
import type { KeyedQueue } from '../services/serial-by-key.js';
import type { Swarm, SwarmService } from '../ports.js';
import { writeReplicas } from '../services/scale-service.js';
import { hasScalingLabel, readServicePolicy } from '../services/service-policy.js';
import type { State } from '../services/state.js';

/** What was found when a service was looked at after somebody else may have changed it. */
export type LookResult =
  | { readonly kind: 'nothing' }
  /** Judge again soon: a deploy may still be under way, or a rollout must end first. */
  | { readonly kind: 'again'; readonly service: string; readonly why: string; readonly pauseMs: number }
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
    }
  | { readonly kind: 'noticed'; readonly service: string; readonly from: number; readonly to: number }
  | { readonly kind: 'removed' };

export interface RestoreParts {
  readonly swarm: Swarm;
  readonly state: State;
  readonly queue: KeyedQueue;
  readonly config: ScalingConfig;
  /** What is known of changes that are being judged. */
  readonly judging: Judging;
  readonly now: () => number;
}

export interface Judging {
  /** By service: the other count, and since when (our clock) it is known. */
  readonly since: Map<string, { readonly replicas: number; readonly atMs: number }>;
  /** By stack: when (Docker's clock) it was last deployed. */
  readonly deploys: Map<string, number>;
  /** By service: until when (Docker's clock) traces of deploys have led to a verdict about it. */
  readonly used: Map<string, number>;
}

export function createJudging(): Judging {
  return { since: new Map(), deploys: new Map(), used: new Map() };
}

const JUDGE_PAUSE_MS = 250;
const ROLLOUT_PAUSE_MS = 2_000;

/**
 * Looks at one service and, when a deploy has taken it away from the count that the scaler had in force,
 * puts that count back, inside its bounds. A count that somebody set on purpose is left alone.
 *
 * @throws {DockerError} when Docker cannot be asked
 */
export function lookAtService(id: string, parts: RestoreParts): Promise<LookResult> {
  return parts.queue.run(id, () => look(id, parts));
}

async function look(id: string, parts: RestoreParts): Promise<LookResult> {
  const { swarm, state, queue } = parts;
  const knownBefore = state.memoryOf(id);
  let service: SwarmService;
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
    return { kind: 'again', service: name, why: 'it was scaled meanwhile', pauseMs: JUDGE_PAUSE_MS };
  }
  if (replicas === undefined || (memory === undefined && !hasScalingLabel(service, parts.config))) {
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
  return judge({ service, replicas, inForce, memory, mayDisturbRollout: false }, parts);
}

/**
 * Before a step is decided from a count that is not the one in force: puts back what a deploy has reset, so
 * that an alert which is faster than the restoring does not make the deploy's count the one in force. A step
 * up is written during a rollout anyway, so then the restoring need not wait for its end either.
 *
 * Answers whether the service was written. Must be called within the service's queue.
 */
export function createRestoreFirst(
  parts: RestoreParts,
  onLook: (result: LookResult) => void,
): (service: SwarmService, direction: Direction) => Promise<boolean> {
  return async (service, direction) => {
    const memory = parts.state.memoryOf(service.id);
    const inForce = memory?.inForce?.replicas;
    const { replicas } = service;
    if (memory === undefined || inForce === undefined || replicas === undefined) return false;
    if (inForce === replicas) return false;
    const mayDisturbRollout = direction === 'up';
    try {
      const result = await judge({ service, replicas, inForce, memory, mayDisturbRollout }, parts);
      onLook(result);
      return result.kind === 'restored';
    } catch (error) {
      // The step is decided from what is there; it meets the same trouble itself if that lasts.
      if (error instanceof AppError) return false;
      throw error;
    }
  };
}

interface ForeignCount {
  readonly service: SwarmService;
  readonly replicas: number;
  readonly inForce: number;
  readonly memory: ServiceMemory;
  /** Whether the count may be written although the rollout may then not be rolled back any more. */
  readonly mayDisturbRollout: boolean;
}

async function judge(
  { service, replicas, inForce, memory, mayDisturbRollout }: ForeignCount,
  parts: RestoreParts,
): Promise<LookResult> {
  const { id, name } = service;
  function leave(why: string): LookResult {
    parts.state.remember(id, name, (before) => rememberForeignCount(before, replicas));
    return { kind: 'left', service: name, inForce, replicas, why };
  }
  function again(why: string, pauseMs = JUDGE_PAUSE_MS): LookResult {
    return { kind: 'again', service: name, why, pauseMs };
  }

  const verdict = await collectAndJudge(service, replicas, memory, parts);
  if (parts.state.memoryOf(id) !== memory) return again('it was scaled meanwhile');
  if (verdict.kind === 'wait') return again('a deploy may be under way');
  if (verdict.kind === 'deliberate') return leave(verdict.trace);

  const { policy } = readServicePolicy(service, parts.config);
  if (policy.paused.value) return leave(`scaling is paused (${policy.paused.from})`);
  if (!policy.restore.value) return leave(`restoring is switched off (${policy.restore.from})`);
  const wanted = Math.min(policy.max.value, Math.max(policy.min.value, inForce));
  if (wanted === replicas) {
    noteDeploy(service, verdict.evidence, parts);
    parts.state.remember(id, name, (before) => rememberRestored(before, replicas, wanted, parts.now()));
    return { kind: 'nothing' };
  }
  const obstacle = obstacleOf(service, wanted > replicas ? 'up' : 'down', mayDisturbRollout);
  if (obstacle !== undefined) return again(obstacle, ROLLOUT_PAUSE_MS);
  try {
    await writeReplicas(service, wanted, parts.swarm);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return again('somebody else was faster');
  }
  noteDeploy(service, verdict.evidence, parts);
  parts.state.remember(id, name, (before) => rememberRestored(before, replicas, wanted, parts.now()));
  return { kind: 'restored', service: name, from: replicas, to: wanted, trace: verdict.trace };
}

function rememberRestored(
  memory: ServiceMemory,
  fileReplicas: number,
  restored: number,
  atMs: number,
): ServiceMemory {
  return rememberRestore(memory, { fileReplicas, restored }, atMs);
}

/**
 * Why the count must wait for the rollout that a deploy has begun. Writing it now would make the new spec
 * also the "previous" one, and a rollout that fails could not be rolled back to anything that worked.
 */
function obstacleOf(
  service: SwarmService,
  direction: Direction,
  mayDisturbRollout: boolean,
): string | undefined {
  const { updateState, failureAction } = service;
  if (updateForbids(direction, updateState)) return `its update is ${updateState ?? ''}`;
  return failureAction === 'rollback' && !mayDisturbRollout && isRollingOut(updateState)
    ? 'its update may have to be rolled back'
    : undefined;
}

async function collectAndJudge(
  service: SwarmService,
  replicas: number,
  memory: ServiceMemory,
  { swarm, state, judging, now }: RestoreParts,
): Promise<ResetVerdict & { readonly evidence: ResetEvidence }> {
  const { id, stack } = service;
  const listed = stack === undefined ? [] : await swarm.listServices(`com.docker.stack.namespace=${stack}`);
  const known = judging.since.get(id);
  const since = known?.replicas === replicas ? known : { replicas, atMs: now() };
  const evidence: ResetEvidence = {
    update: lastUpdateOf(service, replicas),
    isInStack: stack !== undefined,
    siblings: listed.filter((one) => one.id !== id).map((one) => siblingOf(one, state)),
    fileReplicas: memory.fileReplicas,
    stackDeployedAtMs: stack === undefined ? undefined : judging.deploys.get(stack),
    usedUpToMs: judging.used.get(id),
    knownForMs: now() - since.atMs,
  };
  const verdict = judgeReset(evidence);
  if (verdict.kind === 'wait') judging.since.set(id, since);
  else judging.since.delete(id);
  return { ...verdict, evidence };
}

function noteDeploy(service: SwarmService, evidence: ResetEvidence, { judging }: RestoreParts): void {
  judging.used.set(service.id, tracesUsedUpTo(evidence));
  if (service.stack !== undefined) judging.deploys.set(service.stack, service.updatedAtMs);
}

function siblingOf(sibling: SwarmService, state: State): StackSibling {
  const memory = state.memoryOf(sibling.id);
  const replicas = sibling.replicas ?? 0;
  const update = lastUpdateOf(sibling, replicas);
  const onlyCountChanged = !update.changedOtherParts && update.previousReplicas !== replicas;
  return {
    update,
    isOurs: onlyCountChanged && memory?.inForce?.replicas === replicas,
    fileReplicas: memory?.fileReplicas,
  };
}

function lastUpdateOf(service: SwarmService, replicas: number): LastUpdate {
  return {
    atMs: service.updatedAtMs,
    replicas,
    previousReplicas: service.previousReplicas,
    changedOtherParts: service.changedOtherParts,
  };
}
