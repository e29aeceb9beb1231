import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { DeliveryLedger } from '../core/notifications/delivery-ledger.js';
import { hasNodeInfo, type NodeInfoMode } from '../core/services/node-info.js';
import { observationOf, type Observation, type TaskSnapshot } from '../core/services/observation.js';
import type { ServiceModel } from '../core/services/service-model.js';
import type { SwarmService } from '../core/services/swarm-objects.js';
import type { Dispatcher } from '../notify/dispatcher.js';
import type { Swarm } from '../ports.js';
import type { CompareCause } from './compare-cause.js';
import type { ObservationOrder } from './observation-order.js';
import type { ServiceObserver } from './observe-service.js';
import { listTasksAndNodes } from './task-snapshot.js';

export interface CompareServicesDeps {
  readonly swarm: Swarm;
  readonly nodeInfo: NodeInfoMode;
  readonly model: ServiceModel;
  readonly ledger: Pick<DeliveryLedger, 'known'>;
  readonly dispatcher: Pick<Dispatcher, 'retryRemovals'>;
  readonly order: ObservationOrder;
  readonly observe: ServiceObserver;
  readonly logger: Logger;
}

/**
 * Everything Docker has against everything receivers were told; sends the difference, or everything when
 * the cause asks for it. Answers how many differences there were.
 *
 * @throws {UpstreamError} when Docker does not answer; nothing has been told then
 */
export async function compareServices(deps: CompareServicesDeps, cause: CompareCause): Promise<number> {
  const { swarm, model, ledger, dispatcher, order, observe } = deps;
  const generation = order.begin();
  try {
    const services = new Map((await swarm.listServices()).map((service) => [service.id, service]));
    const look = await observeAll(deps, [...services.values()], cause);
    let differences = 0;
    const known = ledger.known().map(({ id }) => id);
    for (const id of new Set([...services.keys(), ...model.ids(), ...known])) {
      const service = services.get(id);
      const differs = model.differs(id, service);
      const isNewest = observe(id, service && look(service), { cause, generation });
      if (isNewest && differs) differences += 1;
    }
    dispatcher.retryRemovals();
    return differences;
  } finally {
    generation.end();
  }
}

/** What there is to see of each service: as much as the cause and the labels need, no more. */
async function observeAll(
  { swarm, nodeInfo: mode, model, logger }: CompareServicesDeps,
  services: readonly SwarmService[],
  cause: CompareCause,
): Promise<(service: SwarmService) => Observation> {
  const needed = services.filter(
    (service) =>
      cause === 'initialSync' ||
      (hasNodeInfo(service, mode) && (cause === 'resend' || !model.service(service.id))),
  );
  if (needed.length === 0) return (service) => ({ service });
  const ids = new Set(needed.map((service) => service.id));
  let snapshot: TaskSnapshot;
  try {
    snapshot = await listTasksAndNodes(swarm, [...ids]);
  } catch (error) {
    logger.warn('Tasks could not be listed', { reason: messageOf(error) });
    return (service) => ({ service });
  }
  return (service) => (ids.has(service.id) ? observationOf(service, snapshot, mode) : { service });
}
