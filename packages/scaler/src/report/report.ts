import type { Logger } from '@docker-flow/daemon/log/logger';
import type { AlertConfig } from '../config/config.js';
import type { Alert } from '../core/alert.js';
import type { Ask } from '../core/count-change.js';
import type { ScaleServiceResult } from '../services/scale-service.js';
import type { AlertSink, MessageSink } from '../ports.js';
import type { ScalerMetrics } from '../metrics.js';
import type { State } from '../services/state.js';

/** Where what happened is told: alerts, messages, activities, metrics, log. Nothing is decided here but who hears what. */
export interface Telling {
  readonly alerts: AlertSink;
  readonly messages: MessageSink;
  readonly state: State;
  readonly metrics: ScalerMetrics;
  readonly logger: Logger;
  readonly config: AlertConfig;
  readonly now: () => number;
  /** Follows the change until the tasks run. */
  readonly onChanged: (change: ChangedService) => void;
}

export interface ChangedService {
  readonly service: string;
  readonly to: number;
  readonly activityId: string;
  readonly atMs: number;
}

/** Who asked, and through which door: the build server's job reports every bound to people. */
export interface Asker {
  readonly who: string;
  readonly door: 'api' | 'job';
}

/** `scale up`, `scale down by 2`, `scale up by 50%`, `scale to 4 replicas`. */
export function describeAsk(ask: Ask): string {
  if (ask.kind === 'target') return `scale to ${ask.count} replicas`;
  const by = ask.by === undefined ? '' : ` by ${ask.by.size}${ask.by.unit === 'percent' ? '%' : ''}`;
  return `scale ${ask.direction}${by}`;
}

function alertRequest(service: string, ask: Ask): string {
  return `Scale service ${ask.kind === 'target' ? `to ${ask.count}` : ask.direction}: ${service}`;
}

export interface ToldRequest {
  /** As the caller named it. */
  readonly service: string;
  readonly ask: Ask;
  readonly asker: Asker;
  /** What a change is called; `scaled` unless nobody asked for it. */
  readonly outcome?: 'scaled' | 'raised';
}

/** A request that was decided. Answers the activity's id. */
export function tellServiceScaling(
  request: ToldRequest,
  result: ScaleServiceResult,
  telling: Telling,
): string {
  const { alerts, messages, state, metrics, logger } = telling;
  const { decision, message, explanation, headline, service } = result;
  if (mustAlert(result, telling.config)) {
    alerts.send({
      name: 'scale_service',
      service: request.service,
      status: 'success',
      request: alertRequest(request.service, request.ask),
      summary: message,
    });
  }
  if (decision.kind === 'scale') messages.send(headline, 'good');
  else if (isBoundForPeople(result, request.asker, telling.config)) messages.send(headline, 'bad');
  logger.info('scale-service success', {
    service: service.name,
    request: describeAsk(request.ask),
    asker: request.asker.who,
    summary: message,
    explanation,
  });
  metrics.serviceDecided(service.name, decision, result.policy);
  const activity = state.addActivity({
    atMs: telling.now(),
    service: service.name,
    outcome: decision.kind === 'scale' ? (request.outcome ?? 'scaled') : 'held',
    asker: request.asker.who,
    request: describeAsk(request.ask),
    message,
    explanation,
    ...(decision.kind === 'scale'
      ? { from: decision.from, to: decision.to }
      : { from: decision.replicas, to: decision.replicas }),
  });
  if (decision.kind === 'scale') {
    telling.onChanged({
      service: service.name,
      to: decision.to,
      activityId: activity.id,
      atMs: telling.now(),
    });
  }
  return activity.id;
}

function mustAlert({ decision }: ScaleServiceResult, config: AlertConfig): boolean {
  if (decision.kind === 'scale') return true;
  const { hold } = decision;
  if (hold.why === 'at-bound') return hold.bound === 'max' ? config.atMax : config.atMin;
  return hold.why === 'cool-down' && config.inCooldown;
}

function isBoundForPeople({ decision }: ScaleServiceResult, asker: Asker, config: AlertConfig): boolean {
  if (decision.kind !== 'hold' || decision.hold.why !== 'at-bound') return false;
  return asker.door === 'job' || (decision.hold.bound === 'max' ? config.atMax : config.atMin);
}

/** A request that was understood but could not be carried out. Answers the activity's id. */
export function tellServiceFailure(request: ToldRequest, message: string, telling: Telling): string {
  telling.alerts.send({
    name: 'scale_service',
    service: request.service,
    status: 'error',
    request: alertRequest(request.service, request.ask),
    summary: message,
  });
  telling.messages.send(`${request.service} could not be scaled: ${message}`, 'bad');
  telling.logger.error('scale-service error', {
    service: request.service,
    request: describeAsk(request.ask),
    asker: request.asker.who,
    summary: message,
  });
  return telling.state.addActivity({
    atMs: telling.now(),
    service: request.service,
    outcome: 'failed',
    asker: request.asker.who,
    request: describeAsk(request.ask),
    message,
    explanation: 'nothing was changed',
  }).id;
}

/** A request that could not be understood. */
export function tellBadRequest(
  alert: Pick<Alert, 'name' | 'service'>,
  message: string,
  asker: Asker,
  telling: Telling,
): void {
  telling.alerts.send({ ...alert, status: 'error', request: 'Incorrect request', summary: message });
  telling.logger.warn('Incorrect request', { alert: alert.name, asker: asker.who, summary: message });
  telling.state.addActivity({
    atMs: telling.now(),
    service: alert.name === 'scale_nodes' ? 'nodes' : 'no service',
    outcome: 'failed',
    asker: asker.who,
    request: 'incorrect request',
    message,
    explanation: 'the request could not be understood',
  });
}
