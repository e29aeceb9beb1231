import type { SwarmNode } from '@docker-flow/docker/objects/swarm-objects';

export type { Labels, SwarmNode, SwarmService, SwarmTask } from '@docker-flow/docker/objects/swarm-objects';

export type NodesById = ReadonlyMap<string, SwarmNode>;

/** A node that is not known to be down may run tasks. */
export function isActive(nodes: NodesById, nodeId: string): boolean {
  const node = nodes.get(nodeId);
  return node !== undefined && node.state !== 'down';
}
