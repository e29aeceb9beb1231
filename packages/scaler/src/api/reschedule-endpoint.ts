import { messageOf } from '@docker-flow/daemon/errors';
import { failed, type Answer } from './answer.js';
import { readRequestFields } from './scale-request.js';
import type { Telling } from '../report/report.js';
import {
  rescheduleService,
  rescheduleServices,
  RescheduleError,
  type RescheduleParts,
} from '../reschedule/reschedule-services.js';
import type { ChangeRequest } from './routes.js';

/** `POST /v1/reschedule-services`. */
export function answerRescheduleServices(
  request: ChangeRequest,
  parts: RescheduleParts,
  telling: Telling,
): Promise<Answer> {
  const texts = { alert: 'Rescheduling all labeled services', service: 'all labelled services' };
  return carryOut(request, texts, telling, (dryRun) => rescheduleServices(parts.now(), parts, dryRun));
}

/** `POST /v1/reschedule-service?service=…`. */
export function answerRescheduleService(
  request: ChangeRequest,
  service: string,
  parts: RescheduleParts,
  telling: Telling,
): Promise<Answer> {
  const texts = { alert: `Rescheduling service: ${service}`, service };
  return carryOut(request, texts, telling, (dryRun) => rescheduleService(service, parts, dryRun));
}

async function carryOut(
  { query, body, address }: ChangeRequest,
  texts: { readonly alert: string; readonly service: string },
  telling: Telling,
  work: (dryRun: boolean) => Promise<string>,
): Promise<Answer> {
  const { dryRun } = readRequestFields(query, body);
  const answer = await outcomeOf(() => work(dryRun), telling);
  if (dryRun) return answer;
  telling.alerts.send({
    name: 'reschedule_service',
    service: 'reschedule',
    status: answer.ok ? 'success' : 'error',
    request: texts.alert,
    summary: answer.message,
  });
  telling.state.addActivity({
    atMs: telling.now(),
    service: texts.service,
    outcome: answer.ok ? 'rescheduled' : 'failed',
    asker: `request from ${address}`,
    request: 'reschedule',
    message: answer.message,
    explanation: answer.ok ? 'a new value in the environment makes Docker replace the tasks' : 'see the log',
  });
  return answer;
}

async function outcomeOf(work: () => Promise<string>, { logger }: Telling): Promise<Answer> {
  try {
    const message = await work();
    logger.info('reschedule success', { summary: message });
    return { httpStatus: 200, ok: true, message, result: 'changed' };
  } catch (error) {
    if (!(error instanceof RescheduleError)) throw error;
    logger.error('reschedule error', { summary: error.message, reason: messageOf(error.cause ?? error) });
    return failed(error.message);
  }
}
