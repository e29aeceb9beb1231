import { byText, parameterOfLabel, type Parameters } from '@docker-flow/labels';
import type { Labels, SwarmNode } from './swarm-objects.js';

function parametersOf(labels: Labels): Record<string, string> {
  const result = Object.create(null) as Record<string, string>;
  for (const [label, value] of Object.entries(labels)) {
    const parameter = parameterOfLabel(label);
    if (parameter !== undefined) result[parameter] = value;
  }
  return result;
}

/** What a node create says: a node's label beats its engine's, and our own facts beat both. */
export function nodeCreateParameters(node: SwarmNode): Parameters {
  return {
    ...parametersOf(node.engineLabels),
    ...parametersOf(node.labels),
    id: node.id,
    hostname: node.hostname,
    address: node.address,
    versionIndex: String(node.versionIndex),
    state: node.state,
    role: node.role,
    availability: node.availability,
  };
}

export function nodeRemoveParameters(node: SwarmNode): Parameters {
  return { id: node.id, hostname: node.hostname, address: node.address };
}

/** What counts as a change of a node. The version index does not: it grows with every heartbeat. */
export function nodeIdentity(node: SwarmNode): string {
  const sorted = (labels: Labels) => Object.entries(labels).sort(byText(([name]) => name));
  return JSON.stringify([
    node.hostname,
    node.state,
    node.address,
    sorted(node.labels),
    sorted(node.engineLabels),
    node.role,
    node.availability,
  ]);
}
