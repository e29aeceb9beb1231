import { systemClock, type Clock } from '@docker-flow/daemon/concurrency/clock';
import { createSemaphore, type Semaphore } from '@docker-flow/daemon/concurrency/semaphore';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Delivery, Outcome } from '../core/notifications/delivery.js';
import type { Receiver } from '../core/notifications/receivers.js';
import type { DeliveryMetrics } from '../metrics.js';
import type { DeliveryQueue, Notifier, ReceiverResponse } from '../ports.js';
import { createDeliveryLog } from './delivery-log.js';

export interface DeliveryQueueDeps {
  readonly notifier: Notifier;
  readonly onSettled: (delivery: Delivery, outcome: Outcome) => void;
  readonly metrics: DeliveryMetrics;
  readonly logger: Logger;
  readonly clock?: Clock;
}

export interface DeliveryQueueOptions {
  readonly kind: 'service' | 'node';
  /** Attempts after the first. */
  readonly retries: number;
  /** From the end of one attempt to the start of the next; 0 or less: one attempt only. */
  readonly retryIntervalMs: number;
  /** Requests under way to one receiver. */
  readonly maxPerReceiver: number;
}

/**
 * A receiver that is slow to answer delays what follows about the same service by no more than this. Nothing would be a
 * mistake: what was written to a connection may be read after what is written to another one later, also when the first
 * is closed by then, and the receiver would be left with the older state. Much more would let it hold back news.
 */
const MAX_ORDER_WAIT_MS = 1_000;
/** Retries of many deliveries to one receiver are spread by up to this part of the interval. */
const JITTER = 0.1;

interface State {
  /** Ends it at once. */
  readonly abort: AbortController;
  /** Ends it after the attempt under way. */
  readonly enough: AbortController;
  /** A request is under way: it may reach the receiver, whatever we do now. */
  isSending: boolean;
}

interface Running extends State {
  readonly firstAttempt: Promise<void>;
  readonly ended: Promise<void>;
}

/** Sends deliveries side by side; a slow or failing receiver holds nobody but itself. */
export function createDeliveryQueue(deps: DeliveryQueueDeps, options: DeliveryQueueOptions): DeliveryQueue {
  const { notifier, onSettled, metrics, clock = systemClock } = deps;
  const log = createDeliveryLog(options.kind, deps.logger);
  const running = new Map<Delivery, Running>();
  /** Those that are to end and have not ended, by service or node and host. */
  const ending = new Map<string, Set<Delivery>>();
  // By receiver and not by host: of two addresses at one host one may hang and the other be well.
  const semaphores = new Map<Receiver, Semaphore>();
  const attempts = options.retryIntervalMs > 0 ? Math.max(1, options.retries + 1) : 1;

  function semaphoreOf(receiver: Receiver): Semaphore {
    let found = semaphores.get(receiver);
    if (!found) {
      found = createSemaphore(options.maxPerReceiver);
      semaphores.set(receiver, found);
    }
    return found;
  }

  /** One attempt. `undefined`: cancelled before it was made. */
  async function attempt(delivery: Delivery, state: State): Promise<ReceiverResponse | Error | undefined> {
    const { signal } = state.abort;
    const release = await semaphoreOf(delivery.receiver).acquire(signal);
    if (!release) return undefined;
    try {
      metrics.attempt(delivery);
      log.attempt(delivery);
      state.isSending = true;
      return await notifier.send(delivery, signal);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      state.isSending = false;
      release();
    }
  }

  /** Waits no longer than the limit. */
  async function atMost(limitMs: number, work: Promise<unknown>, signal?: AbortSignal): Promise<void> {
    const over = new AbortController();
    const limit = clock.sleep(limitMs, signal ? AbortSignal.any([signal, over.signal]) : over.signal);
    await Promise.race([work, limit]);
    over.abort();
  }

  async function waitForEarlier(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const before = new Set([...delivery.after, ...(ending.get(placeOf(delivery)) ?? [])]);
    before.delete(delivery);
    const waits = [...before].flatMap((one) => {
      const state = running.get(one);
      if (!state) return [];
      return isAborted(state.enough.signal) ? state.ended : state.firstAttempt;
    });
    if (waits.length > 0) await atMost(MAX_ORDER_WAIT_MS, Promise.all(waits), signal);
  }

  /** No further attempt, and one that is under way gets no longer than what follows will wait for it. */
  function end(delivery: Delivery): Running | undefined {
    const state = running.get(delivery);
    if (!state) return undefined;
    state.enough.abort();
    const place = placeOf(delivery);
    const others = ending.get(place);
    if (others) others.add(delivery);
    else ending.set(place, new Set([delivery]));
    return state;
  }

  function forget(delivery: Delivery): void {
    running.delete(delivery);
    const place = placeOf(delivery);
    const others = ending.get(place);
    others?.delete(delivery);
    if (others?.size === 0) ending.delete(place);
  }

  async function deliver(delivery: Delivery, state: State, onFirstAttempt: () => void): Promise<Outcome> {
    const { abort, enough } = state;
    const limit = delivery.singleAttempt ? 1 : attempts;
    await waitForEarlier(delivery, abort.signal);
    for (let made = 1; ; made += 1) {
      const result = await attempt(delivery, state);
      onFirstAttempt();
      if (result === undefined || isAborted(abort.signal)) return 'cancelled';
      if (!(result instanceof Error)) {
        if (result.status >= 200 && result.status < 300) return 'delivered';
        if (result.status === 409 && delivery.receiver.event === 'create') {
          log.rejected(delivery, result);
          return 'rejected';
        }
      }
      if (isAborted(enough.signal)) return 'cancelled';
      const isLast = made >= limit;
      log.failure(delivery, result, made, isLast);
      if (isLast) return 'given up';
      await clock.sleep(options.retryIntervalMs * (1 + JITTER * Math.random()), enough.signal);
      if (isAborted(enough.signal)) return 'cancelled';
    }
  }

  async function run(delivery: Delivery, state: State, onFirstAttempt: () => void) {
    let outcome: Outcome = 'given up';
    try {
      outcome = await deliver(delivery, state, onFirstAttempt);
    } catch (error) {
      log.defect(delivery, error);
    }
    onFirstAttempt();
    forget(delivery);
    metrics.settled(delivery, outcome);
    log.settled(delivery, outcome);
    onSettled(delivery, outcome);
  }

  return {
    start(delivery) {
      const state: State = { abort: new AbortController(), enough: new AbortController(), isSending: false };
      let onFirstAttempt: () => void = () => undefined;
      const firstAttempt = new Promise<void>((resolve) => (onFirstAttempt = resolve));
      metrics.started(delivery);
      // Nothing of it happens before it is known to be running.
      const ended = Promise.resolve().then(() => run(delivery, state, onFirstAttempt));
      running.set(delivery, Object.assign(state, { firstAttempt, ended }));
    },
    cancel(delivery) {
      const state = end(delivery);
      if (!state) return;
      if (state.isSending) void atMost(MAX_ORDER_WAIT_MS, state.ended).then(() => state.abort.abort());
      else state.abort.abort();
    },
    finish: (delivery) => void end(delivery),
    async drain(graceMs) {
      for (const state of running.values()) state.enough.abort();
      const over = new AbortController();
      const allEnded = Promise.all([...running.values()].map(({ ended }) => ended));
      await Promise.race([allEnded, clock.sleep(graceMs, over.signal)]);
      over.abort();
      for (const state of running.values()) state.abort.abort();
    },
  };
}

/** What happens there about one service or node happens in order. */
function placeOf({ objectId, receiver }: Delivery): string {
  return `${receiver.host}\n${objectId}`;
}
