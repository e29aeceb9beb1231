import type { Issue } from '@docker-flow/labels';
import type { Delivery } from './core/notifications/delivery.js';
import type { FullObservation } from './core/services/observation.js';
import type { SwarmNode, SwarmService, SwarmTask } from './core/services/swarm-objects.js';

/** What of Docker's events counts: something happened to this service or node, look again. */
export interface SwarmEvent {
  readonly id: string;
  readonly removed: boolean;
  /** Empty when the event has none. */
  readonly name: string;
}

export interface TaskQuery {
  /** Tasks of these services only; absent: of all. */
  readonly serviceIds?: readonly string[];
  /**
   * `serving`: wanted running, of any version. `newest`: of the newest version of their service, wanted
   * running or accepted.
   */
  readonly which: 'serving' | 'newest';
}

export interface EventHandlers {
  /** The stream is open; `apiVersion` is what was agreed on, if Docker says what it speaks. */
  onOpen(apiVersion: string | undefined): void;
  onEvent(event: SwarmEvent): void;
}

/** What we ask of a Docker manager. Nothing is ever changed there. Every method throws `DockerError`. */
export interface Docker {
  /** Services that have the notify label, whatever its value. */
  listServices(): Promise<readonly SwarmService[]>;
  /** `undefined` when there is no such service. */
  inspectService(id: string): Promise<SwarmService | undefined>;
  listTasks(query: TaskQuery): Promise<readonly SwarmTask[]>;
  listNodes(): Promise<readonly SwarmNode[]>;
  inspectNode(id: string): Promise<SwarmNode | undefined>;
  /**
   * Follows an event stream; the promise settles when it has ended.
   *
   * @throws {DockerError} when it cannot be opened or breaks
   */
  follow(type: 'service' | 'node', handlers: EventHandlers, signal: AbortSignal): Promise<void>;
  /** Names services of which this very node starts or loses tasks; other nodes keep theirs to themselves. */
  followLocalTasks(onService: (serviceId: string) => void, signal: AbortSignal): Promise<void>;
}

/** How the last call to Docker went. */
export interface DockerHealth {
  readonly answering: boolean;
  readonly reason: string | undefined;
}

/** The Swarm as all of the program but its adapter sees it: services are those of interest, there are no others. */
export interface Swarm extends Docker {
  /** Like `listTasks`, for callers who can do with a list of all tasks that another got a little earlier. */
  listRecentTasks(query: TaskQuery): Promise<readonly SwarmTask[]>;
  /** Something has happened: earlier lists are old. */
  invalidate(): void;
  health(): DockerHealth;
}

/** Whoever wants to know what of services' labels is written and not in force. */
export interface LabelWatch {
  /** One service, of interest or not. */
  seen(service: SwarmService): void;
  /** All services that have the notify label. */
  listed(services: readonly SwarmService[]): void;
  tasksSeen(observation: FullObservation): void;
  gone(id: string): void;
  /** What is not in force now. */
  list(): readonly Issue[];
}

/** What one receiver answered to one request. */
export interface ReceiverResponse {
  readonly status: number;
  readonly body: string;
}

export interface Notifier {
  /**
   * One attempt.
   *
   * @throws {UpstreamError} when no answer came
   */
  send(delivery: Delivery, signal: AbortSignal): Promise<ReceiverResponse>;
}

/** Sends deliveries: queues, retries, cancels. */
export interface DeliveryQueue {
  start(delivery: Delivery): void;
  /**
   * Makes no further attempt. A request under way may reach the receiver whatever we do: it gets a moment to end before
   * it is aborted, and what is started later for the same service or node and host comes after that.
   */
  cancel(delivery: Delivery): void;
  /** Ends when an attempt under way has ended. */
  finish(delivery: Delivery): void;
  /** Lets attempts under way end, for so long at most; then cancels what is left. */
  drain(graceMs: number): Promise<void>;
}
