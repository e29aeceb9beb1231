import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { hasNodeInfo } from '../core/services/node-info.js';
import { isOfInterest } from '../core/services/interest.js';
import type { Ledger } from '../core/notifications/delivery-ledger.js';
import type { Cause, ServiceModel, ServiceRules, Observation } from '../core/services/service-model.js';
import type { SwarmService } from '../core/services/swarm-objects.js';
import type { ObservationOrder } from './observation-order.js';
import type { DeliveryQueue, Docker } from '../ports.js';
import { apply, type Dispatcher } from '../notify/dispatcher.js';
import { listTasksAndNodes, observationOf, type TaskSnapshot } from './task-snapshot.js';
import type { ConvergingServices } from './converging-services.js';

export interface CompareParts {
  readonly docker: Docker;
  readonly rules: ServiceRules;
  readonly model: ServiceModel;
  readonly ledger: Ledger;
  readonly queue: DeliveryQueue;
  readonly dispatcher: Dispatcher;
  readonly order: ObservationOrder;
  readonly converging: ConvergingServices;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

export type CompareCause = Exclude<Cause, 'event'>;

/**
 * Everything Docker has against everything receivers were told; sends the difference, or everything when
 * the cause asks for it. Answers how many differences there were.
 *
 * @throws {UpstreamError} when Docker does not answer; nothing has been told then
 */
export async function compareServices(parts: CompareParts, cause: CompareCause): Promise<number> {
  const { docker, rules, model, ledger, queue, dispatcher, order, converging, nowMs } = parts;
  const generation = order.begin();
  try {
    const listed = await docker.listServices();
    const services = listed.filter((service) => isOfInterest(service.labels, rules.notify));
    const seen = await observeAll(parts, services, cause);
    let differences = 0;
    for (const service of services) {
      const { id } = service;
      if (!generation.accept(id)) continue;
      const unchanged = cause === 'compare' && model.service(id) === service && !model.isWaiting(id);
      if (unchanged && ledger.isSettled(id)) continue;
      const known = model.service(id) !== undefined;
      const differs = model.differs(id, service);
      if (differs) differences += 1;
      dispatcher.dispatch(model.observe(id, seen(service), cause, nowMs()));
      // After an initial sync what was seen of the tasks is as new as can be.
      if (cause === 'initialSync' && !known) {
        if (model.isWaiting(id)) converging.keep(id);
      } else if (differs || cause !== 'compare') converging.watch(id);
      else if (model.isWaiting(id)) converging.keep(id);
    }
    const present = new Set(services.map((service) => service.id));
    const remembered = new Set([...model.ids(), ...ledger.known().map((one) => one.id)]);
    for (const id of remembered) {
      if (present.has(id) || !generation.accept(id)) continue;
      if (model.service(id)) differences += 1;
      dispatcher.dispatch(model.observe(id, undefined, cause, nowMs()));
    }
    apply(ledger.retryRemovals(), queue);
    return differences;
  } finally {
    generation.end();
  }
}

/** What there is to see of each service: as much as the cause and the labels need, no more. */
async function observeAll(
  parts: CompareParts,
  services: readonly SwarmService[],
  cause: CompareCause,
): Promise<(service: SwarmService) => Observation> {
  const { docker, rules, model, logger } = parts;
  const needed = services.filter(
    (service) =>
      cause === 'initialSync' ||
      (hasNodeInfo(service, rules.nodeInfo) && (cause === 'resend' || !model.service(service.id))),
  );
  if (needed.length === 0) return (service) => ({ service });
  const ids = new Set(needed.map((service) => service.id));
  let taskSnapshot: TaskSnapshot;
  try {
    taskSnapshot = await listTasksAndNodes(docker, [...ids]);
  } catch (error) {
    logger.warn('Tasks could not be listed', { reason: messageOf(error) });
    return (service) => ({ service });
  }
  return (service) =>
    ids.has(service.id) ? observationOf(service, taskSnapshot, rules.nodeInfo) : { service };
}
