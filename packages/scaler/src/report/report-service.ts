import type { AlertConfig } from '../config/config.js';
import { describeScaleRequest, type ScaleRequest } from '../core/scaling/scale-request.js';
import type { ScaleServiceResult } from '../services/scale-service.js';
import type { ScaleError } from '../services/write-replicas.js';
import type { Reporters, Requester } from './reporters.js';

/** A request to scale a service, as it is reported. */
export interface ServiceRequest {
  /** As the caller named it. */
  readonly service: string;
  readonly request: ScaleRequest;
  readonly requester: Requester;
  /** What a change is called; `scaled` unless nobody asked for it. */
  readonly outcome?: 'scaled' | 'raised';
}

/** Reports a request that was decided. Answers the activity's id. */
export function reportServiceScaling(
  { service: asked, request, requester, outcome = 'scaled' }: ServiceRequest,
  result: ScaleServiceResult,
  reporters: Reporters,
): string {
  const { alerts, messages, state, metrics, logger, config, now, toldFailures } = reporters;
  const { decision, message, explanation, headline, service } = result;
  if (decision.kind === 'scale') toldFailures.succeeded(asked);
  if (mustAlert(result, config)) {
    alerts.send({
      name: 'scale_service',
      service: asked,
      status: 'success',
      request: alertRequest(asked, request),
      summary: message,
    });
  }
  if (decision.kind === 'scale') messages.send(headline, 'good');
  else if (isBoundForPeople(result, requester, config)) messages.send(headline, 'bad');
  else if (decision.hold.why === 'unplaced' && toldFailures.isNew(asked, explanation))
    messages.send(headline, 'bad');
  logger.info('scale-service success', {
    service: service.name,
    request: describeScaleRequest(request),
    requester: requester.name,
    summary: message,
    explanation,
  });
  metrics.serviceDecided(service.name, decision, result.policy);
  const { id } = state.addActivity({
    atMs: now(),
    service: service.name,
    outcome: decision.kind === 'scale' ? outcome : 'held',
    asker: requester.name,
    request: describeScaleRequest(request),
    message,
    explanation,
    ...(decision.kind === 'scale'
      ? { from: decision.from, to: decision.to }
      : { from: decision.replicas, to: decision.replicas }),
  });
  if (decision.kind === 'scale') {
    reporters.onChanged({ service: service.name, to: decision.to, activityId: id, atMs: now() });
  }
  return id;
}

/** Reports a request that was understood but could not be carried out. Answers the activity's id. */
export function reportServiceFailure(
  { service, request, requester }: ServiceRequest,
  { message, isLasting }: Pick<ScaleError, 'message' | 'isLasting'>,
  { alerts, messages, logger, state, now, toldFailures }: Reporters,
): string {
  const isNew = !isLasting || toldFailures.isNew(service, message);
  if (isNew) {
    alerts.send({
      name: 'scale_service',
      service,
      status: 'error',
      request: alertRequest(service, request),
      summary: message,
    });
    messages.send(`${service} could not be scaled: ${message}`, 'bad');
  }
  logger[isNew ? 'error' : 'debug']('scale-service error', {
    service,
    request: describeScaleRequest(request),
    requester: requester.name,
    summary: message,
  });
  return state.addActivity({
    atMs: now(),
    service,
    outcome: 'failed',
    asker: requester.name,
    request: describeScaleRequest(request),
    message,
    explanation: 'nothing was changed',
  }).id;
}

/** `Scale service up: web`, as the original has it in its alerts. */
function alertRequest(service: string, request: ScaleRequest): string {
  return `Scale service ${request.kind === 'target' ? `to ${request.count}` : request.direction}: ${service}`;
}

function mustAlert({ decision }: ScaleServiceResult, config: AlertConfig): boolean {
  if (decision.kind === 'scale') return true;
  const { hold } = decision;
  if (hold.why === 'at-bound') return hold.bound === 'max' ? config.atMax : config.atMin;
  return hold.why === 'cool-down' && config.inCooldown;
}

function isBoundForPeople(
  { decision }: ScaleServiceResult,
  { channel }: Requester,
  config: AlertConfig,
): boolean {
  if (decision.kind !== 'hold' || decision.hold.why !== 'at-bound') return false;
  return channel === 'job' || (decision.hold.bound === 'max' ? config.atMax : config.atMin);
}
