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
import { isDirection } from './parse-scale-request.js';
import {
  describeRequester,
  readRequestFields,
  resolvedStatus,
  type RequestFields,
} from './request-fields.js';
import { readCount } from './request-values.js';

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
  const group = groupOf(fields, role, request);
  const agoMs = groupAgeMs(group, deps);
  if (agoMs !== undefined) {
    return unchanged(
      `The same alert group was decided ${Math.ceil(agoMs / 1_000)} seconds ago (SCALE_GROUP_WINDOW)`,
    );
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

/** What counts as one decision: the alert group with what it asks for. */
function groupOf({ webhook }: RequestFields, role: NodeRole, request: ScaleRequest): string | undefined {
  const groupKey = webhook?.groupKey;
  return groupKey === undefined
    ? undefined
    : JSON.stringify([groupKey, `nodes of type ${role}`, describeScaleRequest(request)]);
}

function groupAgeMs(
  group: string | undefined,
  { reporters: { state, now }, groupWindowMs }: ScaleNodesEndpointDeps,
): number | undefined {
  const atMs = group === undefined ? undefined : state.groupDecidedAtMs(group);
  if (atMs === undefined) return undefined;
  const ageMs = Math.abs(now() - atMs);
  return ageMs < groupWindowMs ? ageMs : undefined;
}

interface Call {
  readonly asked: NodesRequest;
  /** Whose labels give bounds and steps. */
  readonly service: string | undefined;
  readonly dryRun: boolean;
  readonly group: string | undefined;
}

async function carryOut(
  { asked, service, dryRun, group }: Call,
  { scaling, waiter, reporters }: ScaleNodesEndpointDeps,
): Promise<EndpointResult> {
  const { role, request } = asked;
  const { state, now } = reporters;
  if (group !== undefined && !dryRun) state.rememberGroup(group, now());
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
    if (group !== undefined && !dryRun) state.forgetGroup(group);
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
