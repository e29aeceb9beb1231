import { formatIssue } from '@docker-flow/labels';
import type { ScalingConfig } from '../config/config.js';
import { decideReplicas, type Decision } from '../core/scaling/decide.js';
import { describeDecision, type DecisionText } from '../core/scaling/decision-text.js';
import type { ScalePolicy } from '../core/scaling/scale-policy.js';
import type { ScaleRequest } from '../core/scaling/scale-request.js';
import { isStoppedByHand } from '../core/service-memory.js';
import type { SwarmService } from '../ports.js';
import { changeReplicas, type Change, type ChangeReplicasDeps } from './change-replicas.js';
import { readServicePolicy } from './service-policy.js';
import { ScaleError } from './write-replicas.js';

export interface ScaleServiceOptions {
  /** As the caller named it: name or id. */
  readonly service: string;
  readonly request: ScaleRequest;
  readonly dryRun: boolean;
  /** Group of alerts that this request is a notification of. */
  readonly groupKey: string | undefined;
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
      decide: (read) => decide(read, options, deps),
    },
    deps,
  );
}

function decide(
  service: SwarmService,
  options: ScaleServiceOptions,
  { state, config, logger, now }: ScaleServiceDeps,
): Change<ScaleServiceResult> {
  const replicas = replicasOf(options.service, service);
  const { policy, issues } = readServicePolicy(service, config);
  for (const issue of issues) {
    logger.warn('Label cannot be read, its default counts', {
      service: service.name,
      issue: formatIssue(issue),
    });
  }
  const memory = state.memoryOf(service.id);
  const groupKey = groupOf(options, service);
  const decision = decideReplicas({
    request: options.request,
    service: {
      replicas,
      updateState: service.updateState,
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
      groupDecidedAtMs: groupKey === undefined ? undefined : state.groupDecidedAtMs(groupKey),
    },
    groupWindowMs: config.groupWindowMs,
    nowMs: now(),
  });
  const text = describeDecision(options.service, decision, policy);
  const result = { ...text, service, decision, policy };
  if (options.dryRun) return { result: { ...result, message: `Dry run: ${text.message}` } };
  const isRepeated = decision.kind === 'hold' && decision.hold.why === 'repeated';
  return {
    result,
    write:
      decision.kind === 'scale'
        ? { from: decision.from, to: decision.to, reason: text.explanation }
        : undefined,
    onDone() {
      if (groupKey !== undefined && !isRepeated) state.rememberGroup(groupKey, now());
    },
  };
}

/** @throws {ScaleError} for services that have no count, in the words of the original */
function replicasOf(asked: string, service: SwarmService): number {
  if (service.mode === 'global') throw new ScaleError(`${asked} is a global service (can not be scaled)`);
  if (service.mode === 'other') {
    throw new ScaleError(`Unable to recognize service model for: ${service.name}`);
  }
  if (service.replicas === undefined) throw new ScaleError(`${service.name} does not have a replicas value`);
  return service.replicas;
}

/** One receiver may post one group to several services and directions; each of them is a decision of its own. */
function groupOf({ groupKey, request }: ScaleServiceOptions, { id }: SwarmService): string | undefined {
  if (groupKey === undefined) return undefined;
  return JSON.stringify([groupKey, id, request.kind === 'target' ? request.count : request.direction]);
}
