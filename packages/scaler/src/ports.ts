import { UpstreamError } from '@docker-flow/daemon/errors';
import type { Alert } from './core/alert.js';

/** The fields we use of one Swarm service, and its spec as Docker sent it. */
export interface SwarmService {
  readonly id: string;
  readonly name: string;
  /** `Version.Index`: an update must carry it, and is refused when somebody else was faster. */
  readonly version: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly mode: 'replicated' | 'global' | 'other';
  /** Only of replicated services that say it. */
  readonly replicas: number | undefined;
  readonly stack: string | undefined;
  /** `UpdateStatus.State`: updating, paused, completed, rollback_started … */
  readonly updateState: string | undefined;
  /** What Swarm does when a rollout fails: pause, continue or rollback. */
  readonly failureAction: string | undefined;
  /** Docker's clock. */
  readonly createdAtMs: number;
  /** When the spec was last written, by Docker's clock. */
  readonly updatedAtMs: number;
  /** Count of the spec before the last update. */
  readonly previousReplicas: number | undefined;
  /** Whether the last update changed anything but the count; true for a service that was never updated. */
  readonly changedOtherParts: boolean;
  /** Environment of the container, `NAME=value` each. */
  readonly environment: readonly string[];
  /** The text of `Spec`, byte for byte. */
  readonly specText: string;
  /** Tasks that run; only in lists. */
  readonly runningTasks: number | undefined;
}

/** What we use of one task. Its times are those of several machines. */
export interface SwarmTask {
  readonly id: string;
  readonly serviceId: string;
  /** `Status.State`: new, pending, … running, complete, shutdown, failed, rejected, remove, orphaned. */
  readonly state: string;
  /** What Swarm wants of it: running, shutdown, remove … */
  readonly desiredState: string;
  /** `Status.Err`: why it waits or failed, in Docker's words; empty when it does neither. */
  readonly error: string;
  readonly isOnNode: boolean;
  readonly createdAtMs: number | undefined;
  /** Since when it has its state. */
  readonly stateAtMs: number | undefined;
  /** What it has reserved, else its limit, else 0. */
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  /** In its networks, without prefix lengths. */
  readonly addresses: readonly string[];
}

/**
 * Docker refused a call or could not be reached. The message is for people, in the words of Docker's own
 * client; `dockerStatus` is absent when there was no answer.
 */
export class DockerError extends UpstreamError {
  readonly dockerStatus: number | undefined;

  constructor(message: string, { dockerStatus, cause }: { dockerStatus?: number; cause?: unknown } = {}) {
    super(message, { cause });
    this.dockerStatus = dockerStatus;
  }
}

/** Docker as a Swarm manager. Every method throws `DockerError`. */
export interface Swarm {
  /** By name or id. */
  inspectService(nameOrId: string): Promise<SwarmService>;
  /** All services, or those with a label (`key` or `key=value`), with the number of running tasks. */
  listServices(label?: string): Promise<readonly SwarmService[]>;
  /** Tasks of one service, or of all: those of the past as well, as far as Docker keeps them. */
  listTasks(serviceId?: string): Promise<readonly SwarmTask[]>;
  /** Writes a whole spec over the version that was read. @throws {ConflictError} when somebody else was faster */
  updateService(service: SwarmService, specText: string): Promise<void>;
  /** Ready nodes of a role, whatever their availability. */
  countReadyNodes(role: NodeRole): Promise<number>;
  /** Ids of services as they are created, updated or removed; ends or throws when the connection breaks. */
  watchServices(signal: AbortSignal): AsyncIterable<ServiceEvent>;
  /** Resolves when Docker answers as a manager. */
  checkManager(): Promise<void>;
}

export interface ServiceEvent {
  readonly id: string;
  readonly action: string;
}

export type NodeRole = 'worker' | 'manager';

/** Where nodes come from: a group per role whose size can be read and set. */
export interface NodeBackend {
  readonly name: string;
  readGroup(role: NodeRole): Promise<NodeGroup>;
  setGroup(role: NodeRole, group: NodeGroup): Promise<void>;
}

export interface NodeGroup {
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

/** Takes alerts in order and never makes the caller wait. */
export interface AlertSink {
  send(alert: Alert): void;
}

/** Takes lines for people in order and never makes the caller wait. */
export interface MessageSink {
  send(text: string, kind: 'good' | 'bad'): void;
}

/** A count that the scaler has written, until as many tasks run. */
export interface ChangedService {
  readonly service: string;
  readonly to: number;
  readonly activityId: string;
  readonly atMs: number;
}
