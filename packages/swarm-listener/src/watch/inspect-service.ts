import { isOfInterest } from '../core/services/interest.js';
import type { ServiceModel, ServiceRules } from '../core/services/service-model.js';
import type { LookOrder } from './observation-order.js';
import type { Docker } from '../ports.js';
import type { Teller } from '../notify/dispatch.js';
import { lookAtTasks } from './observations.js';
import type { Flux } from './converging-services.js';

export interface LookParts {
  readonly docker: Docker;
  readonly rules: ServiceRules;
  readonly model: ServiceModel;
  readonly teller: Teller;
  readonly order: LookOrder;
  readonly flux: Flux;
  readonly nowMs: () => number;
}

/** One look at one service because of an event. What the event said does not matter. */
export async function lookAtService(parts: LookParts, id: string): Promise<void> {
  const { docker, rules, model, teller, order, flux, nowMs } = parts;
  const turn = order.begin();
  try {
    const service = await docker.inspectService(id);
    const wanted = service !== undefined && isOfInterest(service.labels, rules.notify);
    const sight = wanted ? await lookAtTasks(docker, service, rules.nodeInfo) : undefined;
    if (!turn.claim(id)) return;
    teller.tell(model.observe(id, sight, 'event', nowMs()), { again: true });
    flux.watch(id);
  } finally {
    turn.end();
  }
}
