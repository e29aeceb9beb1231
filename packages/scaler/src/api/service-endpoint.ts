import { failed, headerText, refused, type Answer } from './answer.js';
import { readJobRequest } from './job-request.js';
import {
  instructServiceScaling,
  readRequestFields,
  type RequestFields,
  type ScaleInstruction,
} from './scale-request.js';
import { DockerError } from '../adapters/docker-error.js';
import {
  tellBadRequest,
  tellServiceFailure,
  tellServiceScaling,
  type Asker,
  type Telling,
} from '../report/report.js';
import type { ChangeRequest } from './routes.js';
import { ScaleError, scaleService, type ScaleServiceParts } from '../services/scale-service.js';

/** `POST /v1/scale-service`. */
export async function answerScaleService(
  { query, body, address, base }: ChangeRequest,
  parts: ScaleServiceParts,
  telling: Telling,
): Promise<Answer> {
  const fields = readRequestFields(query, body);
  const asker: Asker = { who: describeAsker(fields, address), door: 'api' };
  return carryOut({ instruction: instructServiceScaling(fields), fields, asker, base }, parts, telling);
}

/**
 * The build server's URL. Like there, 201 says that the request was taken, not that anything was scaled:
 * a bound is told to people, not to the caller. Only when Docker cannot be reached the caller shall try
 * again, as Alertmanager does after a 5xx.
 */
export async function answerJob(
  { query, body, address, base }: ChangeRequest,
  parts: ScaleServiceParts,
  telling: Telling,
): Promise<Answer> {
  const { fields, instruction } = readJobRequest(query, body);
  const asker: Asker = { who: `${describeAsker(fields, address)}, job service-scale`, door: 'job' };
  const answer = await carryOut({ instruction, fields, asker, base }, parts, telling);
  const isTaken = answer.httpStatus === 200 || answer.httpStatus === 500;
  return isTaken ? { ...answer, httpStatus: 201 } : answer;
}

interface Instructed {
  readonly instruction: ScaleInstruction;
  readonly fields: RequestFields;
  readonly asker: Asker;
  readonly base: string;
}

async function carryOut(
  { instruction, fields, asker, base }: Instructed,
  parts: ScaleServiceParts,
  telling: Telling,
): Promise<Answer> {
  if (instruction.kind === 'resolved') return resolvedAnswer(fields.service, instruction.status);
  if (instruction.kind === 'bad') {
    tellBadRequest({ name: 'scale_service', service: 'bad_request' }, instruction.message, asker, telling);
    return refused(instruction.message);
  }
  const { service, ask } = instruction;
  const { dryRun } = fields;
  try {
    const result = await scaleService({ service, ask, dryRun, groupKey: fields.webhook?.groupKey }, parts);
    const why = { 'Scaler-Reason': headerText(result.explanation) };
    const isChanged = result.decision.kind === 'scale' && !dryRun;
    const answer: Answer = {
      httpStatus: 200,
      ok: true,
      message: result.message,
      result: isChanged ? 'changed' : 'unchanged',
      headers: why,
    };
    if (dryRun) return answer;
    const id = tellServiceScaling({ service, ask, asker }, result, telling);
    return { ...answer, headers: { ...why, Location: `${base}/v1/activities/${id}` } };
  } catch (error) {
    if (!(error instanceof ScaleError)) throw error;
    if (!dryRun) tellServiceFailure({ service, ask, asker }, error.message, telling);
    return isUnreachable(error) && asker.door === 'job'
      ? { ...failed(error.message), httpStatus: 503 }
      : failed(error.message);
  }
}

function resolvedAnswer(service: string | undefined, status: string): Answer {
  const what = service === undefined ? 'Nothing is scaled' : `Service ${service} is not scaled`;
  return {
    httpStatus: 200,
    ok: true,
    message: `${what}: the alert is ${status}, only firing alerts scale`,
    result: 'unchanged',
  };
}

function isUnreachable({ cause }: ScaleError): boolean {
  return cause instanceof DockerError && cause.dockerStatus === undefined;
}

/** Who asked, for people: the receiver and alerts of a webhook, and the address. */
export function describeAsker({ webhook }: RequestFields, address: string): string {
  if (webhook?.groupKey === undefined && webhook?.receiver === undefined) return `request from ${address}`;
  const alerts = webhook.alertNames.length > 0 ? `, alert ${webhook.alertNames.join(', ')}` : '';
  const receiver = webhook.receiver === undefined ? '' : ` receiver ${webhook.receiver}`;
  return `Alertmanager ${address}${receiver}${alerts}`;
}
