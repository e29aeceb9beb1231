import { hasNodeInfo, type NodeInfoMode } from '../core/services/node-info.js';
import { observationOf, type Observation } from '../core/services/observation.js';
import type { SwarmService } from '../core/services/swarm-objects.js';
import type { Swarm } from '../ports.js';
import type { ObservationOrder } from './observation-order.js';
import type { ServiceObserver } from './observe-service.js';
import { listTasksAndNodes } from './task-snapshot.js';

export interface InspectServiceDeps {
  readonly swarm: Swarm;
  readonly nodeInfo: NodeInfoMode;
  readonly order: ObservationOrder;
  readonly observe: ServiceObserver;
}

/**
 * One look at one service because of an event. What the event said does not matter.
 *
 * @throws {UpstreamError}
 */
export async function inspectService(deps: InspectServiceDeps, id: string): Promise<void> {
  const generation = deps.order.begin();
  try {
    const service = await deps.swarm.inspectService(id);
    const observation = service && (await observeWithTasks(deps, service));
    deps.observe(id, observation, { cause: 'event', generation });
  } finally {
    generation.end();
  }
}

/** Tasks are only asked for when they are sent. */
async function observeWithTasks(
  { swarm, nodeInfo: mode }: InspectServiceDeps,
  service: SwarmService,
): Promise<Observation> {
  if (!hasNodeInfo(service, mode)) return { service };
  const { nodeInfo } = observationOf(service, await listTasksAndNodes(swarm, [service.id]), mode);
  return { service, nodeInfo };
}
