import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { hasNodeInfo } from '../core/services/node-info.js';
import { isOfInterest } from '../core/services/interest.js';
import type { Ledger } from '../core/notifications/delivery-ledger.js';
import type { Cause, ServiceModel, ServiceRules, Sight } from '../core/services/service-model.js';
import type { SwarmService } from '../core/services/swarm-objects.js';
import type { LookOrder } from './observation-order.js';
import type { Courier, Docker } from '../ports.js';
import { carryOut, type Teller } from '../notify/dispatch.js';
import { gatherFacts, sightOf, type Facts } from './observations.js';
import type { Flux } from './converging-services.js';

export interface CompareParts {
  readonly docker: Docker;
  readonly rules: ServiceRules;
  readonly model: ServiceModel;
  readonly ledger: Ledger;
  readonly courier: Courier;
  readonly teller: Teller;
  readonly order: LookOrder;
  readonly flux: Flux;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

export type SweepCause = Exclude<Cause, 'event'>;

/**
 * Everything Docker has against everything receivers were told; sends the difference, or everything when
 * the cause asks for it. Answers how many differences there were.
 *
 * @throws {UpstreamError} when Docker does not answer; nothing has been told then
 */
export async function compareServices(parts: CompareParts, cause: SweepCause): Promise<number> {
  const { docker, rules, model, ledger, courier, teller, order, flux, nowMs } = parts;
  const turn = order.begin();
  try {
    const listed = await docker.listServices();
    const services = listed.filter((service) => isOfInterest(service.labels, rules.notify));
    const seen = await lookAtAll(parts, services, cause);
    let differences = 0;
    for (const service of services) {
      const { id } = service;
      if (!turn.claim(id)) continue;
      const unchanged = cause === 'compare' && model.service(id) === service && !model.isWaiting(id);
      if (unchanged && ledger.isSettled(id)) continue;
      const known = model.service(id) !== undefined;
      const differs = model.differs(id, service);
      if (differs) differences += 1;
      teller.tell(model.observe(id, seen(service), cause, nowMs()));
      // After a sweep at start what was seen of the tasks is as new as can be.
      if (cause === 'sweep' && !known) {
        if (model.isWaiting(id)) flux.keep(id);
      } else if (differs || cause !== 'compare') flux.watch(id);
      else if (model.isWaiting(id)) flux.keep(id);
    }
    const present = new Set(services.map((service) => service.id));
    const remembered = new Set([...model.ids(), ...ledger.known().map((one) => one.id)]);
    for (const id of remembered) {
      if (present.has(id) || !turn.claim(id)) continue;
      if (model.service(id)) differences += 1;
      teller.tell(model.observe(id, undefined, cause, nowMs()));
    }
    carryOut(ledger.retryRemovals(), courier);
    return differences;
  } finally {
    turn.end();
  }
}

/** What there is to see of each service: as much as the cause and the labels need, no more. */
async function lookAtAll(
  parts: CompareParts,
  services: readonly SwarmService[],
  cause: SweepCause,
): Promise<(service: SwarmService) => Sight> {
  const { docker, rules, model, logger } = parts;
  const needed = services.filter(
    (service) =>
      cause === 'sweep' ||
      (hasNodeInfo(service, rules.nodeInfo) && (cause === 'resend' || !model.service(service.id))),
  );
  if (needed.length === 0) return (service) => ({ service });
  const ids = new Set(needed.map((service) => service.id));
  let facts: Facts;
  try {
    facts = await gatherFacts(docker, [...ids]);
  } catch (error) {
    logger.warn('Tasks could not be listed', { reason: messageOf(error) });
    return (service) => ({ service });
  }
  return (service) => (ids.has(service.id) ? sightOf(service, facts, rules.nodeInfo) : { service });
}
