import type { Receiver } from '../core/notifications/receivers.js';
import type { ServiceRules } from '../core/services/service-model.js';
import type { NodesById, SwarmNode, SwarmService, SwarmTask } from '../core/services/swarm-objects.js';

/** Ordinary objects for tests; what a test is about it says itself. */

export function aService(change: Partial<SwarmService> = {}): SwarmService {
  return {
    id: 'id-web',
    name: 'web',
    version: 1,
    labels: { 'com.df.notify': 'true' },
    containerLabels: {},
    stack: undefined,
    mode: 'replicated',
    replicas: 1,
    image: 'image:1',
    updateState: undefined,
    failureAction: undefined,
    stabilityWindowMs: 5_000,
    createdAtMs: 0,
    updatedAtMs: 0,
    previousReplicas: undefined,
    changedOtherParts: true,
    runningTasks: undefined,
    ...change,
  };
}

export function aTask(change: Partial<SwarmTask> = {}): SwarmTask {
  return {
    id: 'task-1',
    serviceId: 'id-web',
    slot: 1,
    nodeId: 'node-1',
    desiredState: 'running',
    state: 'running',
    addresses: [{ network: 'monitor', address: '10.0.1.5' }],
    ...change,
  };
}

export function aNode(change: Partial<SwarmNode> = {}): SwarmNode {
  return {
    id: 'node-1',
    hostname: 'host-1',
    address: '192.168.0.1',
    versionIndex: 7,
    state: 'ready',
    role: 'worker',
    availability: 'active',
    labels: {},
    engineLabels: {},
    ...change,
  };
}

export function nodesOf(...nodes: readonly SwarmNode[]): NodesById {
  return new Map(nodes.map((node) => [node.id, node]));
}

export function someRules(change: Partial<ServiceRules> = {}): ServiceRules {
  return {
    notify: { key: 'com.df.notify', value: undefined },
    namePrefix: '',
    extraPrefixes: [],
    waitFor: 'scrapeNetwork',
    immediately: false,
    nodeInfo: 'off',
    convergenceTimeoutMs: 0,
    ...change,
  };
}

export function aReceiver(event: Receiver['event'], host = 'proxy:8080'): Receiver {
  return {
    event,
    url: `http://${host}/${event}`,
    method: 'GET',
    authorization: undefined,
    host,
    names: new Set([host.split(':')[0] ?? host, host]),
  };
}
