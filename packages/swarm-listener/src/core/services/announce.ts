import type { Announcement } from '../notifications/announcement.js';
import {
  createParameters,
  fullName,
  removeParameters,
  reportedName,
  type NamingRules,
} from './service-parameters.js';
import { nodeCreateParameters, nodeIdentity, nodeRemoveParameters } from './node-parameters.js';
import { NOTIFY_SERVICE_LABEL, ownLabel } from './own-labels.js';
import type { SwarmNode, SwarmService } from './swarm-objects.js';

/** `identity`: see `serviceIdentity`. */
export function announceService(
  service: SwarmService,
  rules: NamingRules,
  identity: string,
  nodeInfo: string | undefined,
): Announcement {
  const create = createParameters(service, rules, nodeInfo);
  const name = reportedName(service, rules.namePrefix);
  return {
    name,
    revision: nodeInfo === undefined ? identity : `${identity}${nodeInfo}`,
    create,
    remove: removeParameters(service, rules),
    ...(name === fullName(service, rules.namePrefix) ? {} : { shortenedFrom: service.name }),
    notifyService: ownLabel(service.labels, NOTIFY_SERVICE_LABEL),
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
