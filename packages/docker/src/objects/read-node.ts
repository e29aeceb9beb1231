import { isOurs, labelsOf, number, object, text } from './raw-object.js';
import type { SwarmNode } from './swarm-objects.js';

/** One node of the Engine API. Whatever `raw` is, the answer is a node. */
export function readNode(raw: unknown): SwarmNode {
  const node = object(raw);
  const spec = object(node['Spec']);
  const description = object(node['Description']);
  const status = object(node['Status']);
  return {
    id: text(node['ID']),
    hostname: text(description['Hostname']),
    address: text(status['Addr']),
    versionIndex: number(object(node['Version'])['Index']) ?? 0,
    state: text(status['State']),
    role: text(spec['Role']),
    availability: text(spec['Availability']),
    labels: labelsOf(spec['Labels'], isOurs),
    engineLabels: labelsOf(object(description['Engine'])['Labels'], isOurs),
  };
}
