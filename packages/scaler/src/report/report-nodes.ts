import type { AlertConfig } from '../config/config.js';
import type { CountChange } from '../core/scaling/count-change.js';
import type { CountPolicy } from '../core/scaling/scale-policy.js';
import { describeScaleRequest, formatStep, type ScaleRequest } from '../core/scaling/scale-request.js';
import type { ScaleNodesResult } from '../nodes/scale-nodes.js';
import type { NodeRole } from '../ports.js';
import type { Reporters, Requester } from './reporters.js';

/** A request to scale nodes, as it is reported. */
export interface NodesRequest {
  readonly role: NodeRole;
  readonly request: ScaleRequest;
  readonly requester: Requester;
  /** Name of the node backend. */
  readonly backend: string;
}

/** Reports a request that was decided. */
export function reportNodeScaling(
  asked: NodesRequest,
  { change, message, policy, from, to }: ScaleNodesResult,
  { alerts, messages, logger, metrics, state, config, now }: Reporters,
): void {
  const { role, backend, requester } = asked;
  const isChanged = change.kind === 'change';
  if (isChanged || isBoundForPeople(change, config)) {
    alerts.send({
      name: 'scale_nodes',
      service: backend,
      status: 'success',
      request: alertRequest(asked),
      summary: message,
    });
    if (isChanged) messages.send(`${role} nodes on ${backend} were scaled from ${from} to ${to}`, 'good');
    else messages.send(`${role} nodes could not be scaled: ${message}`, 'bad');
  }
  if (isChanged) metrics.nodesScaled(role, change.direction);
  logger.info('scale-nodes success', { summary: message, requester: requester.name });
  state.addActivity({
    ...activityOf(asked, now()),
    outcome: isChanged ? 'nodes' : 'held',
    message,
    explanation: describeNodeBounds(policy),
    from,
    to,
  });
}

/** Reports a request that was understood but could not be carried out. */
export function reportNodesFailure(
  asked: NodesRequest,
  error: Error,
  { alerts, messages, logger, state, now }: Reporters,
): void {
  const { role, backend, requester } = asked;
  const { message } = error;
  alerts.send({
    name: 'scale_nodes',
    service: backend,
    status: 'error',
    request: alertRequest(asked),
    summary: message,
  });
  messages.send(`${role} nodes could not be scaled: ${message}`, 'bad');
  logger.error('scale-nodes error', { summary: message, requester: requester.name, err: error });
  state.addActivity({
    ...activityOf(asked, now()),
    outcome: 'failed',
    message,
    explanation: 'nothing was changed',
  });
}

/** The bounds, and where they come from. */
export function describeNodeBounds({ min, max }: CountPolicy): string {
  return `minimum ${min.value} (${min.from}), maximum ${max.value} (${max.from})`;
}

function activityOf({ role, request, requester }: NodesRequest, atMs: number) {
  return {
    atMs,
    service: `${role} nodes`,
    asker: requester.name,
    request: describeScaleRequest(request, 'nodes'),
  };
}

/** The number in alerts is the one of the request, 0 if there was none. */
function alertRequest({ role, request, backend }: NodesRequest): string {
  if (request.kind === 'target') return `Scale nodes to ${request.count} on: ${backend}, type: ${role}`;
  const by = request.by === undefined ? '0' : formatStep(request.by);
  return `Scale nodes ${request.direction} on: ${backend}, by: ${by}, type: ${role}`;
}

function isBoundForPeople(change: CountChange, config: AlertConfig): boolean {
  if (change.kind !== 'at-bound') return false;
  return change.bound === 'max' ? config.nodesAtMax : config.nodesAtMin;
}
