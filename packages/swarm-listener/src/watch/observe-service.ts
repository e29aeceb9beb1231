import { systemClock, type Clock } from '@docker-flow/daemon/concurrency/clock';
import type { DeliveryLedger } from '../core/notifications/delivery-ledger.js';
import type { Observation } from '../core/services/observation.js';
import type { Cause, ServiceModel } from '../core/services/service-model.js';
import type { Dispatcher } from '../notify/dispatcher.js';
import type { ConvergingServices } from './converging-services.js';
import type { Generation } from './observation-order.js';

export interface ServiceObserverDeps {
  readonly model: ServiceModel;
  readonly ledger: Pick<DeliveryLedger, 'isSettled'>;
  readonly dispatcher: Pick<Dispatcher, 'dispatch'>;
  readonly converging: Pick<ConvergingServices, 'watch' | 'keep'>;
  readonly clock?: Pick<Clock, 'nowMs'>;
}

export interface ObservedHow {
  readonly cause: Cause;
  readonly generation: Generation;
  /** Only its tasks were asked for, the service is the one known already. */
  readonly tasksOnly?: boolean;
}

/**
 * The one way from an observation to receivers: is it the newest, what follows from it, tell it, and look at the
 * service again soon if its tasks are moving. `undefined`: gone, or of no interest any more. Answers whether it was
 * the newest.
 */
export type ServiceObserver = (id: string, observation: Observation | undefined, how: ObservedHow) => boolean;

export function createServiceObserver({
  model,
  ledger,
  dispatcher,
  converging,
  clock = systemClock,
}: ServiceObserverDeps): ServiceObserver {
  /** Nothing can follow from it. Unchanged services come from Docker as the same objects. */
  function isOldNews(id: string, { service, nodeInfo }: Observation): boolean {
    return (
      nodeInfo === undefined && model.service(id) === service && !model.isWaiting(id) && ledger.isSettled(id)
    );
  }

  return (id, observation, { cause, generation, tasksOnly = false }) => {
    if (!(tasksOnly ? generation.canAccept(id) : generation.accept(id))) return false;
    if (cause === 'compare' && observation && isOldNews(id, observation)) return true;
    const before = model.fingerprint(id);
    const actions = model.observe(id, observation, cause, clock.nowMs());
    dispatcher.dispatch(actions, { again: cause === 'event' });
    // What the first look at a service has seen of its tasks is as new as can be.
    const isFirst = cause === 'initialSync' && before === undefined;
    const mayMove = cause !== 'compare' || model.fingerprint(id) !== before;
    if (mayMove && !isFirst) converging.watch(id);
    else if (model.isWaiting(id)) converging.keep(id);
    return true;
  };
}
