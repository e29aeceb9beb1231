import { AppError, ConflictError, messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { formatIssue } from '@docker-flow/labels';
import type { ScalingConfig } from '../config/config.js';
import type { Ask, Direction } from '../core/count-change.js';
import { decideReplicas, type Decision } from '../core/decide.js';
import { describeDecision, type DecisionText } from '../core/decision-text.js';
import type { ScalePolicy } from '../core/scale-policy.js';
import { isStoppedByHand, rememberChange } from '../core/service-memory.js';
import { replaceValue } from '../core/spec-text.js';
import type { KeyedQueue } from './serial-by-key.js';
import type { Swarm, SwarmService } from '../ports.js';
import { readServicePolicy } from './service-policy.js';
import type { State } from './state.js';

export interface ScaleServiceRequest {
  /** As the caller named it: name or id. */
  readonly service: string;
  readonly ask: Ask;
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

export interface ScaleServiceParts {
  readonly swarm: Swarm;
  readonly state: State;
  /** One piece of work per service at a time. */
  readonly queue: KeyedQueue;
  readonly config: ScalingConfig;
  readonly logger: Logger;
  readonly now: () => number;
  /** Puts back what a deploy has reset before a step is decided; answers whether it wrote the service. */
  readonly restoreFirst: (service: SwarmService, direction: Direction) => Promise<boolean>;
  /** Waits before the next attempt when somebody else changed the service meanwhile. */
  readonly pause: (ms: number) => Promise<void>;
}

/** The request was understood, but Docker or the service's kind does not let it be done. The message is the answer. */
export class ScaleError extends AppError {
  readonly code = 'scale_failed';
  readonly status = 500;
}

const UPDATE_ATTEMPTS = 12;
const REPLICAS_PATH = ['Mode', 'Replicated', 'Replicas'];

/**
 * Reads the service, decides, and writes the new count over the version that was read; when somebody else
 * was faster, all of it again.
 *
 * @throws {ScaleError} when the service cannot be read, scaled or written
 */
export function scaleService(
  request: ScaleServiceRequest,
  parts: ScaleServiceParts,
): Promise<ScaleServiceResult> {
  return parts.queue.run(request.service, () => tryRepeatedly(request, parts));
}

async function tryRepeatedly(
  request: ScaleServiceRequest,
  parts: ScaleServiceParts,
): Promise<ScaleServiceResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await scaleOnce(request, parts);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      if (attempt >= UPDATE_ATTEMPTS) throw new ScaleError(error.message, { cause: error });
      parts.logger.info('Service changed meanwhile, deciding again', { service: request.service, attempt });
      await parts.pause(10 * attempt + Math.random() * 20);
    }
  }
}

async function scaleOnce(
  request: ScaleServiceRequest,
  parts: ScaleServiceParts,
): Promise<ScaleServiceResult> {
  const { swarm, state, config, logger, now } = parts;
  const service = await inspectRestored(request, parts);
  const replicas = replicasOf(request.service, service);
  const { policy, issues } = readServicePolicy(service, config);
  for (const issue of issues) {
    logger.warn('Label cannot be read, its default counts', {
      service: service.name,
      issue: formatIssue(issue),
    });
  }
  const memory = state.memoryOf(service.id);
  const groupKey = groupOf(request, service);
  const decision = decideReplicas({
    ask: request.ask,
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
  const text = describeDecision(request.service, decision, policy);
  if (request.dryRun) return { ...text, message: `Dry run: ${text.message}`, service, decision, policy };
  if (decision.kind === 'scale') await writeReplicas(service, decision.to, swarm);
  if (decision.kind === 'scale') {
    const change = { from: decision.from, to: decision.to, reason: text.explanation };
    state.remember(service.id, service.name, (before) => rememberChange(before, change, now()));
  }
  const isRepeated = decision.kind === 'hold' && decision.hold.why === 'repeated';
  if (groupKey !== undefined && !isRepeated) state.rememberGroup(groupKey, now());
  return { ...text, service, decision, policy };
}

/** The service to decide about, under all names it is asked for. */
async function inspectRestored(
  { service: asked, ask, dryRun }: ScaleServiceRequest,
  { swarm, queue, restoreFirst }: ScaleServiceParts,
): Promise<SwarmService> {
  const service = await inspect(asked, swarm);
  for (const name of [service.name, asked]) queue.alias(name, service.id);
  if (ask.kind !== 'step' || dryRun) return service;
  return (await restoreFirst(service, ask.direction)) ? inspect(service.id, swarm) : service;
}

async function inspect(name: string, swarm: Swarm): Promise<SwarmService> {
  try {
    return await swarm.inspectService(name);
  } catch (error) {
    throw new ScaleError(`docker inspect failed in ScalerService: ${messageOf(error)}`, { cause: error });
  }
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
function groupOf({ groupKey, ask }: ScaleServiceRequest, { id }: SwarmService): string | undefined {
  if (groupKey === undefined) return undefined;
  return JSON.stringify([groupKey, id, ask.kind === 'target' ? ask.count : ask.direction]);
}

/** Writes the spec that was read with another count. @throws {ConflictError} @throws {ScaleError} */
export async function writeReplicas(service: SwarmService, replicas: number, swarm: Swarm): Promise<void> {
  const specText = replaceValue(service.specText, REPLICAS_PATH, String(replicas));
  if (specText === undefined) throw new ScaleError(`${service.name} does not have a replicas value`);
  try {
    await swarm.updateService(service, specText);
  } catch (error) {
    if (error instanceof ConflictError) throw error;
    throw new ScaleError(messageOf(error), { cause: error });
  }
}
