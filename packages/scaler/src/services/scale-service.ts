import { formatIssue } from '@docker-flow/labels';
import type { ScalingConfig } from '../config/config.js';
import { judgePost, rememberPost, type GroupPost } from '../core/scaling/alert-group.js';
import { decideReplicas, type Decision, type UnplacedTasks } from '../core/scaling/decide.js';
import { describeDecision, type DecisionText } from '../core/scaling/decision-text.js';
import type { ScalePolicy } from '../core/scaling/scale-policy.js';
import type { ScaleRequest } from '../core/scaling/scale-request.js';
import { isStoppedByHand } from '../core/service-memory.js';
import type { SwarmService } from '../ports.js';
import { changeReplicas, type Change, type ChangeReplicasDeps } from './change-replicas.js';
import { mayBeScaled, readServicePolicy } from './service-policy.js';
import { ScaleError } from './write-replicas.js';

export interface ScaleServiceOptions {
  /** As the caller named it: name or id. */
  readonly service: string;
  readonly request: ScaleRequest;
  readonly dryRun: boolean;
  /** The post of an alert group that asks; absent when it is no such post. */
  readonly group: { readonly key: string; readonly post: GroupPost } | undefined;
}

/** What was decided and done about one service. */
export interface ScaleServiceResult extends DecisionText {
  readonly service: SwarmService;
  readonly decision: Decision;
  readonly policy: ScalePolicy;
}

export interface ScaleServiceDeps extends ChangeReplicasDeps {
  readonly config: ScalingConfig;
}

/**
 * Carries out one request: decides by labels, defaults and history, and writes the new count.
 *
 * @throws {ScaleError} when the service cannot be read, scaled or written
 */
export function scaleService(
  options: ScaleServiceOptions,
  deps: ScaleServiceDeps,
): Promise<ScaleServiceResult> {
  const { service, request, dryRun } = options;
  return changeReplicas(
    {
      service,
      restoreBefore: request.kind === 'step' && !dryRun ? request.direction : undefined,
      decide: (read, unplaced) => decide(read, unplaced, options, deps),
    },
    deps,
  );
}

function decide(
  service: SwarmService,
  unplaced: UnplacedTasks | undefined,
  options: ScaleServiceOptions,
  { state, config, logger, now }: ScaleServiceDeps,
): Change<ScaleServiceResult> {
  const replicas = replicasOf(options.service, service, config);
  const { policy, issues } = readServicePolicy(service, config);
  for (const issue of issues) {
    logger.debug('A label does not say what the scaler can do', {
      service: service.name,
      issue: formatIssue(issue),
    });
  }
  const memory = state.memoryOf(service.id);
  const group = groupOf(options, service);
  const before = group && state.groupOf(group.key);
  const { groupWindowMs: windowMs } = config;
  const verdict = group && judgePost(before, group.post, { windowMs });
  const decision = decideReplicas({
    request: options.request,
    service: {
      replicas,
      updateState: service.updateState,
      unplaced,
      stoppedByHand: isStoppedByHand({
        memory,
        replicas,
        previousReplicas: service.previousReplicas,
        min: policy.min.value,
      }),
    },
    policy,
    history: {
      lastChangeAtMs: memory?.lastChange?.atMs,
      post: verdict && { verdict, windowMs, agoMs: before ? Math.abs(now() - before.atMs) : 0 },
    },
    nowMs: now(),
  });
  const text = describeDecision(options.service, decision, policy);
  const result = { ...text, service, decision, policy };
  if (options.dryRun) return { result: { ...result, message: `Dry run: ${text.message}` } };
  return {
    result,
    write:
      decision.kind === 'scale'
        ? { from: decision.from, to: decision.to, reason: text.explanation }
        : undefined,
    onDone() {
      if (group && verdict) state.rememberGroup(group.key, rememberPost(before, group.post, verdict));
      if (isWakeUp(options.request)) rememberActive(service.id, state, now());
    },
  };
}

/** Somebody wants that many to be there, as the proxy does for a request that waits. */
function isWakeUp(request: ScaleRequest): boolean {
  return request.kind === 'target' && request.count > 0;
}

/**
 * A request that waits for a service to start is in no metric yet: without this, scaling on targets would find a service
 * that was just woken as idle as before, and put it to sleep again before it answers.
 */
function rememberActive(id: string, state: ChangeReplicasDeps['state'], nowMs: number): void {
  const memory = state.targetMemoryOf(id);
  if (memory) state.rememberTarget(id, { ...memory, lastActiveAt: nowMs / 1_000 });
}

/** @throws {ScaleError} for services that have no count, in the words of the original */
function replicasOf(asked: string, service: SwarmService, config: ScalingConfig): number {
  if (!mayBeScaled(service, config)) {
    throw lasting(`${asked} has no scaling label, and SCALE_UNLABELLED=false leaves such services alone`);
  }
  if (service.mode === 'global') throw lasting(`${asked} is a global service (can not be scaled)`);
  if (service.mode === 'other') {
    throw lasting(`Unable to recognize service model for: ${service.name}`);
  }
  if (service.replicas === undefined) throw lasting(`${service.name} does not have a replicas value`);
  return service.replicas;
}

/** One receiver may post one group to several services and directions; each of them is a decision of its own. */
function groupOf(
  { group, request }: ScaleServiceOptions,
  { id }: SwarmService,
): { readonly key: string; readonly post: GroupPost } | undefined {
  if (group === undefined) return undefined;
  const asked = request.kind === 'target' ? request.count : request.direction;
  return { key: JSON.stringify([group.key, id, asked]), post: group.post };
}

function lasting(message: string): ScaleError {
  return new ScaleError(message, { isLasting: true });
}
