import { DockerError } from '../ports.js';
import { reportInvalidRequest } from '../report/report-invalid-request.js';
import { reportServiceFailure, reportServiceScaling } from '../report/report-service.js';
import type { Reporters, Requester } from '../report/reporters.js';
import { scaleService, type ScaleServiceDeps } from '../services/scale-service.js';
import { ScaleError } from '../services/write-replicas.js';
import type { ChangeRequest } from './change-handlers.js';
import {
  failed,
  headerText,
  refused,
  unchanged,
  unmendable,
  type EndpointResult,
} from './endpoint-result.js';
import { parseJobRequest } from './requests/parse-job-request.js';
import { parseScaleRequest, type ParsedScaleRequest } from './requests/parse-scale-request.js';
import {
  describeRequester,
  groupPostOf,
  readRequestFields,
  type RequestFields,
} from './requests/request-fields.js';

export interface ScaleServiceEndpointDeps {
  readonly scaling: ScaleServiceDeps;
  readonly reporters: Reporters;
}

/** `POST /v1/scale-service`. */
export function handleScaleService(
  request: ChangeRequest,
  deps: ScaleServiceEndpointDeps,
): Promise<EndpointResult> {
  const fields = readRequestFields(request.query, request.body);
  const requester: Requester = { name: describeRequester(fields, request.address), channel: 'api' };
  return carryOut(parseScaleRequest(fields), { request, fields, requester }, deps);
}

/**
 * The build server's URL. Like there, 201 says that the request was taken, not that anything was scaled:
 * a bound is told to people, not to the caller. Only when Docker cannot be reached the caller shall try
 * again, as Alertmanager does after a 5xx.
 */
export async function handleJob(
  request: ChangeRequest,
  deps: ScaleServiceEndpointDeps,
): Promise<EndpointResult> {
  const fields = readRequestFields(request.query, request.body);
  const name = `${describeRequester(fields, request.address)}, job service-scale`;
  const requester: Requester = { name, channel: 'job' };
  const parsed = parseJobRequest(request.query, fields);
  const result = await carryOut(parsed, { request, fields, requester }, deps);
  const isTaken = result.httpStatus === 200 || result.httpStatus === 500;
  return isTaken ? { ...result, httpStatus: 201 } : result;
}

interface Call {
  readonly request: ChangeRequest;
  readonly fields: RequestFields;
  readonly requester: Requester;
}

async function carryOut(
  parsed: ParsedScaleRequest,
  { request: { dryRun, base, address }, fields, requester }: Call,
  { scaling, reporters }: ScaleServiceEndpointDeps,
): Promise<EndpointResult> {
  if (parsed.kind === 'resolved') return resolvedResult(fields.service, parsed.status);
  if (parsed.kind === 'invalid') {
    const alert = { name: 'scale_service', service: 'bad_request' } as const;
    const message = withAdvice(parsed.message, fields);
    reportInvalidRequest(alert, message, requester, reporters);
    return refused(message);
  }
  const { service, request } = parsed;
  const reported = { service, request, requester };
  try {
    const group = groupPostOf(fields, address, reporters.now());
    const options = { service, request, dryRun, group };
    const result = await scaleService(options, scaling);
    const isChanged = result.decision.kind === 'scale' && !dryRun;
    const headers = {
      'Scaler-Reason': headerText(result.explanation),
      ...(dryRun
        ? {}
        : { Location: `${base}/v1/activities/${reportServiceScaling(reported, result, reporters)}` }),
    };
    return { ...unchanged(result.message), result: isChanged ? 'changed' : 'unchanged', headers };
  } catch (error) {
    if (!(error instanceof ScaleError)) throw error;
    const isLasting = error.isLasting && fields.webhook?.groupKey !== undefined;
    if (!dryRun) reportServiceFailure(reported, error, reporters);
    // Alertmanager would post again and again after a 5xx, and nothing would be different.
    const result = isLasting ? unmendable(error.message) : failed(error.message);
    return isUnreachable(error) && requester.channel === 'job' ? { ...result, httpStatus: 503 } : result;
  }
}

/** A group of alerts has only those labels that Alertmanager groups by. */
function withAdvice(message: string, { service, scale, webhook }: RequestFields): string {
  if (webhook?.groupKey === undefined || (service !== undefined && scale !== undefined)) return message;
  return `${message}: the group has no label ${service === undefined ? 'service' : 'scale'}; put service and scale into group_by of the route in Alertmanager (group_by: [service, scale])`;
}

function resolvedResult(service: string | undefined, status: string): EndpointResult {
  const what = service === undefined ? 'Nothing is scaled' : `Service ${service} is not scaled`;
  return unchanged(`${what}: the alert is ${status}, only firing alerts scale`);
}

function isUnreachable({ cause }: ScaleError): boolean {
  return cause instanceof DockerError && cause.dockerStatus === undefined;
}
