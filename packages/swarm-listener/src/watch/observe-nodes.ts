import type { DeliveryLedger } from '../core/notifications/delivery-ledger.js';
import type { NodeCause, NodeModel, NodeStep } from '../core/services/node-model.js';
import type { SwarmNode } from '../core/services/swarm-objects.js';
import type { Dispatcher } from '../notify/dispatcher.js';
import type { Swarm } from '../ports.js';
import type { Generation, ObservationOrder } from './observation-order.js';

export interface NodeObserverDeps {
  readonly swarm: Pick<Swarm, 'listNodes' | 'inspectNode'>;
  readonly model: NodeModel;
  readonly ledger: Pick<DeliveryLedger, 'known'>;
  readonly dispatcher: Dispatcher;
  readonly order: ObservationOrder;
  /** Tasks have moved: services are to be sent again. */
  readonly onTasksMoved: (cause: Exclude<NodeStep['services'], 'nothing'>) => void;
}

/** The one way from what was seen of a node to receivers. Answers whether it is news. */
function observeNode(
  { model, dispatcher, onTasksMoved }: NodeObserverDeps,
  id: string,
  node: SwarmNode | undefined,
  { cause, generation }: { readonly cause: NodeCause; readonly generation: Generation },
): boolean {
  if (!generation.accept(id)) return false;
  const { actions, services } = model.observe(id, node, cause);
  dispatcher.dispatch(actions, { again: cause === 'event' });
  if (services !== 'nothing') onTasksMoved(services);
  return services !== 'nothing';
}

/**
 * One look at one node because of an event.
 *
 * @throws {UpstreamError}
 */
export async function inspectNode(deps: NodeObserverDeps, id: string): Promise<void> {
  const generation = deps.order.begin();
  try {
    observeNode(deps, id, await deps.swarm.inspectNode(id), { cause: 'event', generation });
  } finally {
    generation.end();
  }
}

/**
 * All nodes Docker has against all that receivers were told of. Answers how many differences there were.
 *
 * @throws {UpstreamError} when Docker does not answer; nothing has been told then
 */
export async function compareNodes(
  deps: NodeObserverDeps,
  cause: Exclude<NodeCause, 'event'>,
): Promise<number> {
  const generation = deps.order.begin();
  try {
    const nodes = new Map((await deps.swarm.listNodes()).map((node) => [node.id, node]));
    const known = deps.ledger.known().map(({ id }) => id);
    let differences = 0;
    for (const id of new Set([...nodes.keys(), ...deps.model.ids(), ...known]))
      if (observeNode(deps, id, nodes.get(id), { cause, generation })) differences += 1;
    deps.dispatcher.retryRemovals();
    return differences;
  } finally {
    generation.end();
  }
}
