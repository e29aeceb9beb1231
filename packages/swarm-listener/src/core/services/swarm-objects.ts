/** Labels by their full name. */
export type Labels = Readonly<Record<string, string>>;

/** The few fields of Docker's service that we use. */
export interface SwarmService {
  readonly id: string;
  /** As Docker knows it, without the prefix that receivers see. */
  readonly name: string;
  /** Labels that are sent, compared, or say whether the service is of interest; others are left out. */
  readonly labels: Labels;
  /** Labels below `com.df.` that stand beside the image instead: they are the containers', and nobody reads them. */
  readonly containerLabels: Labels;
  /** `com.docker.stack.namespace`; empty for a service outside any stack. */
  readonly stack: string;
  /** `other`: a mode that has no lasting tasks, such as a job. */
  readonly mode: 'replicated' | 'global' | 'other';
  /** The wanted count; 0 when Docker gives none. */
  readonly replicas: number;
  readonly image: string;
  /** `UpdateStatus.State`: `updating`, `completed`, `paused`, `rollback_completed` … */
  readonly updateState: string | undefined;
  /** How long all tasks must run before the service counts as converged. */
  readonly stabilityWindowMs: number;
}

/** `Spec.UpdateConfig.Monitor` when it is not given. */
export const DEFAULT_STABILITY_WINDOW_MS = 5_000;

/** One address of a task on one network. */
export interface TaskAddress {
  readonly network: string;
  /** Without mask. */
  readonly address: string;
}

export interface SwarmTask {
  readonly id: string;
  readonly serviceId: string;
  /** 0 for tasks of global services. */
  readonly slot: number;
  /** Empty while the task has no node. */
  readonly nodeId: string;
  readonly desiredState: string;
  readonly state: string;
  readonly addresses: readonly TaskAddress[];
}

export interface SwarmNode {
  readonly id: string;
  readonly hostname: string;
  readonly address: string;
  readonly versionIndex: number;
  /** `unknown`, `down`, `ready` or `disconnected`. */
  readonly state: string;
  readonly role: string;
  readonly availability: string;
  /** `com.df.` labels of the node and of its engine. */
  readonly labels: Labels;
  readonly engineLabels: Labels;
}

export type NodesById = ReadonlyMap<string, SwarmNode>;

/** A node that is not known to be down may run tasks. */
export function isActive(nodes: NodesById, nodeId: string): boolean {
  const node = nodes.get(nodeId);
  return node !== undefined && node.state !== 'down';
}
