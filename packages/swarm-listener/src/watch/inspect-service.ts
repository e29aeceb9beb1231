import { isOfInterest } from '../core/services/interest.js';
import type { ServiceModel, ServiceRules } from '../core/services/service-model.js';
import type { ObservationOrder } from './observation-order.js';
import type { Docker } from '../ports.js';
import type { Dispatcher } from '../notify/dispatcher.js';
import { observeTasks } from './task-snapshot.js';
import type { ConvergingServices } from './converging-services.js';

export interface InspectDeps {
  readonly docker: Docker;
  readonly rules: ServiceRules;
  readonly model: ServiceModel;
  readonly dispatcher: Dispatcher;
  readonly order: ObservationOrder;
  readonly converging: ConvergingServices;
  readonly nowMs: () => number;
}

/** One look at one service because of an event. What the event said does not matter. */
export async function inspectService(parts: InspectDeps, id: string): Promise<void> {
  const { docker, rules, model, dispatcher, order, converging, nowMs } = parts;
  const generation = order.begin();
  try {
    const service = await docker.inspectService(id);
    const wanted = service !== undefined && isOfInterest(service.labels, rules.notify);
    const observation = wanted ? await observeTasks(docker, service, rules.nodeInfo) : undefined;
    if (!generation.accept(id)) return;
    dispatcher.dispatch(model.observe(id, observation, 'event', nowMs()), { again: true });
    converging.watch(id);
  } finally {
    generation.end();
  }
}
