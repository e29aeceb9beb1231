import { judgePost, rememberPost, type GroupMemory, type GroupVerdict } from '../core/scaling/alert-group.js';
import { describeScaleRequest, type ScaleRequest } from '../core/scaling/scale-request.js';
import {
  ScaleNodesError,
  scaleNodes,
  type ScaleNodesDeps,
  type ScaleNodesResult,
} from '../nodes/scale-nodes.js';
import type { NodeWaiter } from '../nodes/wait-for-nodes.js';
import type { NodeRole } from '../ports.js';
import { reportInvalidRequest } from '../report/report-invalid-request.js';
import {
  describeNodeBounds,
  reportNodeScaling,
  reportNodesFailure,
  type NodesRequest,
} from '../report/report-nodes.js';
import type { Reporters, Requester } from '../report/reporters.js';
import type { ChangeRequest } from './change-handlers.js';
import { failed, headerText, refused, unchanged, type EndpointResult } from './endpoint-result.js';
import { isDirection } from './requests/parse-scale-request.js';
import {
  describeRequester,
  groupPostOf,
  readRequestFields,
  resolvedStatus,
  type RequestFields,
} from './requests/request-fields.js';
import { readCount } from './requests/request-values.js';

export interface ScaleNodesEndpointDeps {
  readonly scaling: ScaleNodesDeps;
  readonly waiter: NodeWaiter;
  readonly reporters: Reporters;
  readonly groupWindowMs: number;
}

/** `POST /v1/scale-nodes`. */
export async function handleScaleNodes(
  { query, body, dryRun, address }: ChangeRequest,
  deps: ScaleNodesEndpointDeps,
): Promise<EndpointResult> {
  const { reporters } = deps;
  const backend = deps.scaling.backend.name;
  const fields = readRequestFields(query, body);
  const requester: Requester = { name: describeRequester(fields, address), channel: 'api' };
  const status = resolvedStatus(fields);
  if (status !== undefined) {
    return unchanged(`Nodes are not scaled: the alert is ${status}, only firing alerts scale`);
  }
  const request = parseNodeRequest(fields);
  if (typeof request === 'string') return refuse(request, 'bad_request', requester, reporters);
  const role = fields.type ?? '';
  if (!isRole(role)) {
    const message = `Incorrect node type: ${role}, type can only be worker or manager`;
    return refuse(message, backend, requester, reporters);
  }
  const group = groupOf(fields, address, role, request, deps);
  if (group && group.verdict !== 'news') {
    if (!dryRun) reporters.state.rememberGroup(group.key, group.after);
    return unchanged(describeOldPost(group, reporters.now()));
  }
  const call = { asked: { role, request, requester, backend }, service: fields.service, dryRun, group };
  return carryOut(call, deps);
}

function parseNodeRequest({ scale, by, to }: RequestFields): ScaleRequest | string {
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

function refuse(
  message: string,
  service: string,
  requester: Requester,
  reporters: Reporters,
): EndpointResult {
  reportInvalidRequest({ name: 'scale_nodes', service }, message, requester, reporters);
  return refused(message);
}

/** A post of an alert group, and what it says that was not decided before. */
interface Group {
  /** What counts as one decision: the alert group with what it asks for. */
  readonly key: string;
  readonly verdict: GroupVerdict;
  readonly before: GroupMemory | undefined;
  readonly after: GroupMemory;
}

function groupOf(
  fields: RequestFields,
  address: string,
  role: NodeRole,
  request: ScaleRequest,
  { reporters: { state, now }, groupWindowMs: windowMs }: ScaleNodesEndpointDeps,
): Group | undefined {
  const group = groupPostOf(fields, address, now());
  if (group === undefined) return undefined;
  const key = JSON.stringify([group.key, `nodes of type ${role}`, describeScaleRequest(request)]);
  const before = state.groupOf(key);
  const verdict = judgePost(before, group.post, { windowMs });
  return { key, verdict, before, after: rememberPost(before, group.post, verdict) };
}

function describeOldPost({ verdict, before }: Group, nowMs: number): string {
  const seconds = Math.ceil(Math.abs(nowMs - (before?.atMs ?? nowMs)) / 1_000);
  if (verdict === 'repeated')
    return `The same alert group was decided ${seconds} seconds ago (SCALE_GROUP_WINDOW)`;
  return verdict === 'copy'
    ? `Another Alertmanager delivered the same alerts ${seconds} seconds ago`
    : 'Alerts of the group were resolved and no new one fires';
}

interface Call {
  readonly asked: NodesRequest;
  /** Whose labels give bounds and steps. */
  readonly service: string | undefined;
  readonly dryRun: boolean;
  readonly group: Group | undefined;
}

async function carryOut(
  { asked, service, dryRun, group }: Call,
  { scaling, waiter, reporters }: ScaleNodesEndpointDeps,
): Promise<EndpointResult> {
  const { role, request } = asked;
  const { state } = reporters;
  if (group && !dryRun) state.rememberGroup(group.key, group.after);
  try {
    const result = await scaleNodes({ role, request, service, dryRun }, scaling);
    if (dryRun) return resultOf(result, false);
    reportNodeScaling(asked, result, reporters);
    const isChanged = result.change.kind === 'change';
    if ((isChanged && result.to > result.from) || waiter.pending() !== undefined) {
      waiter.start({ role, from: result.from, to: result.to });
    }
    return resultOf(result, isChanged);
  } catch (error) {
    if (!(error instanceof ScaleNodesError)) throw error;
    if (group && !dryRun) state.forgetGroup(group.key);
    if (!dryRun) reportNodesFailure(asked, error, reporters);
    return failed(error.message);
  }
}

function resultOf({ message, policy }: ScaleNodesResult, isChanged: boolean): EndpointResult {
  return {
    ...unchanged(message),
    result: isChanged ? 'changed' : 'unchanged',
    headers: { 'Scaler-Reason': headerText(describeNodeBounds(policy)) },
  };
}
