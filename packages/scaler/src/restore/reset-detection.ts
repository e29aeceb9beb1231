import {
  detectReset,
  tracesUsedUpTo,
  type LastUpdate,
  type ResetEvidence,
  type ResetVerdict,
  type StackSibling,
} from '../core/detect-reset.js';
import type { ServiceMemory } from '../core/service-memory.js';
import type { InspectedService, Swarm, SwarmService } from '../ports.js';
import type { State } from '../state/state.js';

/** A service with another count than the one that the scaler has in force. */
export interface ForeignCount {
  readonly service: InspectedService;
  readonly replicas: number;
  readonly inForce: number;
  readonly memory: ServiceMemory;
}

/** Finds out whether a deploy or a person has set a foreign count, over as many checks as that takes. */
export interface ResetDetection {
  /** @throws {DockerError} when the other services of the stack cannot be listed */
  detect(foreign: ForeignCount): Promise<ResetVerdict & { readonly evidence: ResetEvidence }>;
  /** The verdict was followed: its traces belong to that deploy, and the stack has just been deployed. */
  noteDeploy(service: SwarmService, evidence: ResetEvidence): void;
}

export interface ResetDetectionDeps {
  readonly swarm: Swarm;
  readonly state: State;
  readonly now: () => number;
}

export function createResetDetection({ swarm, state, now }: ResetDetectionDeps): ResetDetection {
  /** By service: the other count, and since when (our clock) it is known. */
  const known = new Map<string, { readonly replicas: number; readonly sinceMs: number }>();
  /** By stack: when (Docker's clock) it was last deployed. */
  const deploys = new Map<string, number>();
  /** By service: until when (Docker's clock) traces of deploys have led to a verdict about it. */
  const used = new Map<string, number>();

  return {
    async detect({ service, replicas, memory }) {
      const { id, stack } = service;
      const inStack =
        stack === undefined ? [] : await swarm.listServices(`com.docker.stack.namespace=${stack}`);
      const before = known.get(id);
      const since = before?.replicas === replicas ? before : { replicas, sinceMs: now() };
      const evidence: ResetEvidence = {
        update: lastUpdateOf(service, replicas),
        isInStack: stack !== undefined,
        siblings: inStack.filter((one) => one.id !== id).map((one) => siblingOf(one, state)),
        fileReplicas: memory.fileReplicas,
        stackDeployedAtMs: stack === undefined ? undefined : deploys.get(stack),
        usedUpToMs: used.get(id),
        knownForMs: now() - since.sinceMs,
      };
      const verdict = detectReset(evidence);
      if (verdict.kind === 'wait') known.set(id, since);
      else known.delete(id);
      return { ...verdict, evidence };
    },
    noteDeploy(service, evidence) {
      used.set(service.id, tracesUsedUpTo(evidence));
      if (service.stack !== undefined) deploys.set(service.stack, service.updatedAtMs);
    },
  };
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
