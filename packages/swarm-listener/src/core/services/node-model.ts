import type { Action } from '../notifications/announcement.js';
import { announceNode } from './announce.js';
import { nodeIdentity } from './node-parameters.js';
import type { SwarmNode } from './swarm-objects.js';

export interface NodeRules {
  /** Whether anybody wants to hear of nodes. Without, nodes are only remembered from their first event on. */
  readonly hasReceivers: boolean;
  /** With events a node that goes down is taken away; without, it is announced as down. */
  readonly downIsGone: boolean;
}

export type NodeCause = 'initialSync' | 'event' | 'compare';

export interface NodeStep {
  readonly actions: readonly Action[];
  /** What of services is to be sent again, because tasks have moved. */
  readonly services: 'resend' | 'initialSync' | 'nothing';
}

export interface NodeModel {
  /** One node as it is now, `undefined` when it is gone. Answers what follows. */
  observe(id: string, node: SwarmNode | undefined, cause: NodeCause): NodeStep;
  ids(): readonly string[];
}

const NOTHING: NodeStep = { actions: [], services: 'nothing' };

/** Decides what receivers shall know of each node, and when services are to be sent again because of it. */
export function createNodeModel(rules: NodeRules): NodeModel {
  const remembered = new Map<string, SwarmNode>();
  /** Nodes that were taken away because they went down: not news until they are back. */
  const down = new Set<string>();

  function gone(id: string, cause: NodeCause): NodeStep {
    down.delete(id);
    const actions: readonly Action[] = [{ kind: 'absent', id }];
    if (remembered.delete(id)) return { actions, services: 'initialSync' };
    // A list speaks also of nodes that only an earlier run of the program has told of.
    return cause === 'event' ? NOTHING : { actions, services: 'nothing' };
  }

  return {
    observe(id, node, cause) {
      if (!node) return gone(id, cause);
      const before = remembered.get(id);
      if (node.state !== 'down') down.delete(id);
      else if (down.has(id)) return NOTHING;
      else if (before && before.state !== 'down' && rules.downIsGone) {
        const step = gone(id, cause);
        down.add(id);
        return step;
      }
      if (!before && !rules.hasReceivers && cause !== 'event') return NOTHING;
      // Nobody has heard of it, so nobody needs to hear that it is down.
      if (!before && cause === 'event' && node.state === 'down' && rules.downIsGone) return NOTHING;
      const changed = !before || nodeIdentity(before) !== nodeIdentity(node);
      remembered.set(id, node);
      return {
        actions: [{ kind: 'present', id, announcement: announceNode(node) }],
        services: changed && cause !== 'initialSync' ? 'resend' : 'nothing',
      };
    },
    ids: () => [...remembered.keys(), ...down],
  };
}
