import type { Delivery, Outcome } from './core/notifications/delivery.js';
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

/** What we ask of a Docker manager. Nothing is ever changed there. */
export interface Docker {
  /**
   * Finds out which API version to speak.
   *
   * @throws {UpstreamError} when Docker does not answer; so does every other call
   */
  negotiate(): Promise<string>;
  /** Services that have the notify label, whatever its value. */
  listServices(): Promise<readonly SwarmService[]>;
  /** `undefined` when there is no such service. */
  inspectService(id: string): Promise<SwarmService | undefined>;
  listTasks(query: TaskQuery): Promise<readonly SwarmTask[]>;
  listNodes(): Promise<readonly SwarmNode[]>;
  inspectNode(id: string): Promise<SwarmNode | undefined>;
  /**
   * Opens an event stream. `onOpen` is called when it is open; the promise settles when it has ended.
   *
   * @throws {UpstreamError} when it cannot be opened or breaks
   */
  follow(
    type: 'service' | 'node',
    handlers: { onOpen(): void; onEvent(hint: SwarmEvent): void },
    signal: AbortSignal,
  ): Promise<void>;
  /** Hints at tasks that this very node starts or loses; other nodes keep theirs to themselves. */
  followLocalTasks(onService: (serviceId: string) => void, signal: AbortSignal): Promise<void>;
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

/** Carries deliveries out: queues, retries, cancels. */
export interface DeliveryQueue {
  start(delivery: Delivery): void;
  /** Ends at once, with any request under way. */
  cancel(delivery: Delivery): void;
  /** Ends when an attempt under way has ended. */
  finish(delivery: Delivery): void;
  /** Lets attempts under way end, for so long at most; then cancels what is left. */
  drain(graceMs: number): Promise<void>;
}

export type Settle = (delivery: Delivery, outcome: Outcome) => void;
