import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { reportReschedule } from '../report/report-reschedule.js';
import type { Reporters } from '../report/reporters.js';
import {
  rescheduleService,
  rescheduleServices,
  RescheduleError,
  type RescheduleDeps,
} from '../reschedule/reschedule-services.js';
import type { ChangeRequest } from './change-handlers.js';
import { failed, unchanged, type EndpointResult } from './endpoint-result.js';

export interface RescheduleEndpointDeps {
  readonly rescheduling: RescheduleDeps;
  readonly reporters: Reporters;
}

/** `POST /v1/reschedule-services`. */
export function handleRescheduleServices(
  request: ChangeRequest,
  deps: RescheduleEndpointDeps,
): Promise<EndpointResult> {
  const { rescheduling } = deps;
  const what = { alertRequest: 'Rescheduling all labeled services', service: 'all labelled services' };
  const work = () => rescheduleServices(rescheduling.now(), rescheduling, request.dryRun);
  return carryOut(work, what, request, deps);
}

/** `POST /v1/reschedule-service?service=…`. */
export function handleRescheduleService(
  request: ChangeRequest,
  service: string,
  deps: RescheduleEndpointDeps,
): Promise<EndpointResult> {
  const what = { alertRequest: `Rescheduling service: ${service}`, service };
  const work = () => rescheduleService(service, deps.rescheduling, request.dryRun);
  return carryOut(work, what, request, deps);
}

async function carryOut(
  work: () => Promise<string>,
  what: { readonly alertRequest: string; readonly service: string },
  { dryRun, address }: ChangeRequest,
  { reporters }: RescheduleEndpointDeps,
): Promise<EndpointResult> {
  const result = await resultOf(work, reporters.logger);
  if (!dryRun) reportReschedule({ ...what, requester: `request from ${address}` }, result, reporters);
  return result;
}

async function resultOf(work: () => Promise<string>, logger: Logger): Promise<EndpointResult> {
  try {
    const message = await work();
    logger.info('reschedule success', { summary: message });
    return { ...unchanged(message), result: 'changed' };
  } catch (error) {
    if (!(error instanceof RescheduleError)) throw error;
    logger.error('reschedule error', { summary: error.message, reason: messageOf(error.cause ?? error) });
    return failed(error.message);
  }
}
