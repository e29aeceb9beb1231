/** Labels by their full name. */
export type Labels = Readonly<Record<string, string>>;

/** What our programs use of Docker's service. */
export interface SwarmService {
  readonly id: string;
  /** As Docker knows it. */
  readonly name: string;
  /** `Version.Index`: an update must carry it, and is refused when somebody else was faster. */
  readonly version: number;
  /** Labels of the service; those that the program does not need may be left out. */
  readonly labels: Labels;
  /** Labels below `com.df.` that stand beside the image instead: they are the containers', and nobody reads them. */
  readonly containerLabels: Labels;
  /** `com.docker.stack.namespace`; absent for a service outside any stack. */
  readonly stack: string | undefined;
  /** `other`: a mode that has no lasting tasks, such as a job. */
  readonly mode: 'replicated' | 'global' | 'other';
  /** The wanted count; only of replicated services that say it. */
  readonly replicas: number | undefined;
  readonly image: string;
  /** `UpdateStatus.State`: `updating`, `completed`, `paused`, `rollback_started` … */
  readonly updateState: string | undefined;
  /** What Swarm does when a rollout fails: pause, continue or rollback. */
  readonly failureAction: string | undefined;
  /** How long all tasks must run before the service counts as converged. */
  readonly stabilityWindowMs: number;
  /** By Docker's clock. */
  readonly createdAtMs: number;
  /** When the spec was last written, by Docker's clock. */
  readonly updatedAtMs: number;
  /** Count of the spec before the last update. */
  readonly previousReplicas: number | undefined;
  /** Whether the last update changed anything but the count; true for a service that was never updated. */
  readonly changedOtherParts: boolean;
  /** Tasks that run; only in lists that were asked for with their status. */
  readonly runningTasks: number | undefined;
}

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
