import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createFakeClock } from '@docker-flow/daemon/testing/fake-clock';
import type { Action } from '../core/notifications/announcement.js';
import { memoizeObservations } from '../core/services/observation.js';
import { createServiceModel, type ServiceRules } from '../core/services/service-model.js';
import type { Swarm } from '../ports.js';
import { createConvergingServices } from '../watch/converging-services.js';
import { createObservationOrder } from '../watch/observation-order.js';
import { createServiceObserver } from '../watch/observe-service.js';
import { aNode, someRules } from './swarm-objects.js';

/** What the parts of the watch stage need, over a Swarm as the test makes it and a clock that it moves. */
export function startServiceWatch(swarm: Partial<Swarm>, change: Partial<ServiceRules> = {}) {
  const rules = someRules({ nodeInfo: 'with addresses', ...change });
  const clock = createFakeClock();
  const model = createServiceModel(rules);
  const converging = createConvergingServices(model, clock);
  const told: Action[] = [];
  const failed: string[] = [];
  const dispatcher = {
    dispatch: (actions: readonly Action[]) => void told.push(...actions),
    retryRemovals: () => undefined,
  };
  const ledger = { isSettled: () => true, known: () => [] };
  return {
    swarm: { listNodes: () => Promise.resolve([aNode()]), ...swarm } as Swarm,
    nodeInfo: rules.nodeInfo,
    model,
    converging,
    ledger,
    dispatcher,
    order: createObservationOrder(),
    observe: createServiceObserver({ model, ledger, dispatcher, converging, clock }),
    labels: { tasksSeen: () => undefined },
    observationOf: memoizeObservations(rules.nodeInfo),
    metrics: { failed: (operation: string) => void failed.push(operation), compared: () => undefined },
    logger: silentLogger(),
    clock,
    /** What receivers were told, in order. */
    told,
    failed,
  };
}
