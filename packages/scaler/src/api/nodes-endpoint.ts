import { failed, headerText, refused, type Answer } from './answer.js';
import type { Ask } from '../core/count-change.js';
import type { DecisionHistory } from '../core/decide.js';
import {
  isDirection,
  readCount,
  readRequestFields,
  resolvedStatus,
  type RequestFields,
} from './scale-request.js';
import type { NodeWaiter } from '../nodes/wait-for-nodes.js';
import type { NodeRole } from '../ports.js';
import { describeAsk, tellBadRequest, type Asker, type Telling } from '../report/report.js';
import type { ChangeRequest } from './routes.js';
import {
  ScaleNodesError,
  scaleNodes,
  type ScaleNodesParts,
  type ScaleNodesResult,
} from '../nodes/scale-nodes.js';
import { describeAsker } from './service-endpoint.js';

export interface NodesEndpointParts {
  readonly scaling: ScaleNodesParts;
  readonly waiter: NodeWaiter;
  readonly telling: Telling;
  readonly groupWindowMs: number;
}

/** `POST /v1/scale-nodes`. */
export async function answerScaleNodes(
  { query, body, address }: ChangeRequest,
  parts: NodesEndpointParts,
): Promise<Answer> {
  const { telling } = parts;
  const fields = readRequestFields(query, body);
  const asker: Asker = { who: describeAsker(fields, address), door: 'api' };
  const status = resolvedStatus(fields);
  if (status !== undefined)
    return unchanged(`Nodes are not scaled: the alert is ${status}, only firing alerts scale`);
  const ask = readAsk(fields);
  if (typeof ask === 'string') return refuse(ask, 'bad_request', asker, telling);
  const role = fields.type ?? '';
  if (!isRole(role)) {
    const message = `Incorrect node type: ${role}, type can only be worker or manager`;
    return refuse(message, parts.scaling.backend.name, asker, telling);
  }
  const groupKey = fields.webhook?.groupKey;
  const key =
    groupKey === undefined
      ? undefined
      : JSON.stringify([groupKey, `nodes of type ${role}`, describeAsk(ask)]);
  const agoMs = groupAgeMs(key, parts);
  if (agoMs !== undefined) {
    return unchanged(
      `The same alert group was decided ${Math.ceil(agoMs / 1_000)} seconds ago (SCALE_GROUP_WINDOW)`,
    );
  }
  return carryOut({ role, ask, fields, asker, groupKey: key }, parts);
}

function readAsk({ scale, by, to }: RequestFields): Ask | string {
  if (to !== undefined) {
    const count = readCount(to);
    return count === undefined ? 'Incorrect number of nodes' : { kind: 'target', count };
  }
  if (scale === undefined) return 'No scale direction';
  return isDirection(scale) ? { kind: 'step', direction: scale, by } : 'Incorrect scale direction';
}

function isRole(text: string): text is NodeRole {
  return text === 'worker' || text === 'manager';
}

function refuse(message: string, service: string, asker: Asker, telling: Telling): Answer {
  tellBadRequest({ name: 'scale_nodes', service }, message, asker, telling);
  return refused(message);
}

function groupAgeMs(
  key: string | undefined,
  { telling, groupWindowMs }: NodesEndpointParts,
): number | undefined {
  const atMs: DecisionHistory['groupDecidedAtMs'] =
    key === undefined ? undefined : telling.state.groupDecidedAtMs(key);
  if (atMs === undefined) return undefined;
  const ageMs = Math.abs(telling.now() - atMs);
  return ageMs < groupWindowMs ? ageMs : undefined;
}

interface NodeAsk {
  readonly role: NodeRole;
  readonly ask: Ask;
  readonly fields: RequestFields;
  readonly asker: Asker;
  readonly groupKey: string | undefined;
}

async function carryOut(request: NodeAsk, parts: NodesEndpointParts): Promise<Answer> {
  const { role, ask, fields, groupKey } = request;
  const { telling, scaling, waiter } = parts;
  const { dryRun, service } = fields;
  if (groupKey !== undefined && !dryRun) telling.state.rememberGroup(groupKey, telling.now());
  try {
    const result = await scaleNodes({ role, ask, service, dryRun }, scaling);
    const answer = answerOf(result, dryRun);
    if (dryRun) return answer;
    tell(request, result, parts);
    const isChanged = result.change.kind === 'change';
    if ((isChanged && result.to > result.from) || waiter.pending() !== undefined) {
      waiter.start({ role, from: result.from, to: result.to });
    }
    return answer;
  } catch (error) {
    if (!(error instanceof ScaleNodesError)) throw error;
    if (groupKey !== undefined) telling.state.forgetGroup(groupKey);
    if (!dryRun) tellFailure(request, error, parts);
    return failed(error.message);
  }
}

function answerOf({ change, message, policy }: ScaleNodesResult, dryRun: boolean): Answer {
  const { min, max } = policy;
  const isChanged = change.kind === 'change' && !dryRun;
  return {
    httpStatus: 200,
    ok: true,
    message,
    result: isChanged ? 'changed' : 'unchanged',
    headers: {
      'Scaler-Reason': headerText(`minimum ${min.value} (${min.from}), maximum ${max.value} (${max.from})`),
    },
  };
}

/** The number in alerts is the one of the request, 0 if there was none. */
function alertRequest({ role, ask }: NodeAsk, backend: string): string {
  if (ask.kind === 'target') return `Scale nodes to ${ask.count} on: ${backend}, type: ${role}`;
  const by = ask.by === undefined ? '0' : `${ask.by.size}${ask.by.unit === 'percent' ? '%' : ''}`;
  return `Scale nodes ${ask.direction} on: ${backend}, by: ${by}, type: ${role}`;
}

function tell(request: NodeAsk, result: ScaleNodesResult, { telling, scaling }: NodesEndpointParts): void {
  const { change, message, policy, from, to } = result;
  const { config, metrics } = telling;
  const isBound = change.kind === 'at-bound';
  const mustAlert =
    change.kind === 'change' || (isBound && (change.bound === 'max' ? config.nodesAtMax : config.nodesAtMin));
  const backend = scaling.backend.name;
  if (mustAlert) {
    telling.alerts.send({
      name: 'scale_nodes',
      service: backend,
      status: 'success',
      request: alertRequest(request, backend),
      summary: message,
    });
  }
  if (change.kind === 'change') {
    metrics.nodesScaled(request.role, change.direction);
    telling.messages.send(`${request.role} nodes on ${backend} were scaled from ${from} to ${to}`, 'good');
  } else if (mustAlert) telling.messages.send(`${request.role} nodes could not be scaled: ${message}`, 'bad');
  telling.logger.info('scale-nodes success', { summary: message, asker: request.asker.who });
  telling.state.addActivity({
    atMs: telling.now(),
    service: `${request.role} nodes`,
    outcome: change.kind === 'change' ? 'nodes' : 'held',
    asker: request.asker.who,
    request: describeAsk(request.ask).replace('replicas', 'nodes'),
    message,
    explanation: `minimum ${policy.min.value} (${policy.min.from}), maximum ${policy.max.value} (${policy.max.from})`,
    from,
    to,
  });
}

function tellFailure(
  request: NodeAsk,
  error: ScaleNodesError,
  { telling, scaling }: NodesEndpointParts,
): void {
  const backend = scaling.backend.name;
  telling.alerts.send({
    name: 'scale_nodes',
    service: backend,
    status: 'error',
    request: alertRequest(request, backend),
    summary: error.message,
  });
  telling.messages.send(`${request.role} nodes could not be scaled: ${error.message}`, 'bad');
  telling.logger.error('scale-nodes error', { summary: error.message, asker: request.asker.who, err: error });
  telling.state.addActivity({
    atMs: telling.now(),
    service: `${request.role} nodes`,
    outcome: 'failed',
    asker: request.asker.who,
    request: describeAsk(request.ask).replace('replicas', 'nodes'),
    message: error.message,
    explanation: 'nothing was changed',
  });
}

function unchanged(message: string): Answer {
  return { httpStatus: 200, ok: true, message, result: 'unchanged' };
}
