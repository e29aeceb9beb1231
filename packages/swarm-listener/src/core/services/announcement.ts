import type { Parameters } from '@docker-flow/labels';
import { createParameters, removeParameters, type NamingRules } from './service-parameters.js';
import { nodeCreateParameters, nodeIdentity, nodeRemoveParameters } from './node-parameters.js';
import type { SwarmNode, SwarmService } from './swarm-objects.js';

/** What receivers shall know of one service or node. */
export interface Announcement {
  /** What receivers call it: two announcements with one name are about the same thing to them. */
  readonly name: string;
  /** Equal when nothing that counts has changed. */
  readonly revision: string;
  readonly create: Parameters;
  /** For the day it goes. */
  readonly remove: Parameters;
  /** The label `com.df.notifyService`. */
  readonly notifyService: string | undefined;
}

/** `identity`: see `serviceIdentity`. */
export function announceService(
  service: SwarmService,
  rules: NamingRules,
  identity: string,
  nodeInfo: string | undefined,
): Announcement {
  const create = createParameters(service, rules, nodeInfo);
  return {
    name: create['serviceName'] ?? service.name,
    revision: nodeInfo === undefined ? identity : `${identity}${nodeInfo}`,
    create,
    remove: removeParameters(service, rules),
    notifyService: create['notifyService'],
  };
}

export function announceNode(node: SwarmNode): Announcement {
  return {
    name: node.id,
    revision: nodeIdentity(node),
    create: nodeCreateParameters(node),
    remove: nodeRemoveParameters(node),
    notifyService: undefined,
  };
}
