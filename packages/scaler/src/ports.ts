import type { SwarmService } from '@docker-flow/docker/objects/swarm-objects';
import type { QueryResult } from './core/autoscaling/look/query-result.js';
import type { Alert } from './core/alert.js';

export { DockerError } from '@docker-flow/docker/docker-error';
export type { SwarmService } from '@docker-flow/docker/objects/swarm-objects';

/** A service with what is needed to write it. */
export interface InspectedService extends SwarmService {
  /** Environment of the container, `NAME=value` each. */
  readonly environment: readonly string[];
  /** The text of `Spec`, byte for byte. */
  readonly specText: string;
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
  /** Of the node it was given to; empty while it waits for one. */
  readonly nodeId: string;
  /** Its number among the replicas; absent for tasks of global services. */
  readonly slot: number | undefined;
  readonly createdAtMs: number | undefined;
  /** Since when it has its state. */
  readonly stateAtMs: number | undefined;
  /** What it has reserved, else its limit, else 0. */
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  /** In its networks, without prefix lengths. */
  readonly addresses: readonly string[];
}

/** Docker as a Swarm manager. Every method throws `DockerError`. */
export interface Swarm {
  /** By name or id. */
  inspectService(nameOrId: string): Promise<InspectedService>;
  /** All services, or those with a label (`key` or `key=value`), with the number of running tasks. */
  listServices(label?: string): Promise<readonly SwarmService[]>;
  /** Tasks that shall run or wait to be started anew: of all services, or of these. */
  listTasks(serviceIds?: readonly string[]): Promise<readonly SwarmTask[]>;
  /** All tasks of a service that Docker still knows, those that have ended, too. */
  listTaskHistory(serviceId: string): Promise<readonly SwarmTask[]>;
  /** Names of the nodes by their ids. */
  nodeNames(): Promise<ReadonlyMap<string, string>>;
  /** Writes a whole spec over the version that was read. @throws {ConflictError} when somebody else was faster */
  updateService(service: Pick<SwarmService, 'id' | 'version'>, specText: string): Promise<void>;
  /** Ready nodes of a role, whatever their availability. */
  countReadyNodes(role: NodeRole): Promise<number>;
  /** Tells of services as they are created, updated or removed; ends or throws when the connection breaks. */
  watchServices(onEvent: (event: ServiceEvent) => void, signal: AbortSignal): Promise<void>;
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

/** Prometheus, or a server that answers like it. */
export interface MetricsServer {
  /** For people, without credentials. */
  readonly address: string;
  /** The value of an expression now. Never throws: a query that fails, or is not answered in time, is a result too. */
  query(expression: string, timeoutMs: number): Promise<QueryResult>;
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
