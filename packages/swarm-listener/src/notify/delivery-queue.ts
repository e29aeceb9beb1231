import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import type { Delivery, Outcome } from '../core/notifications/delivery.js';
import type { Receiver } from '../core/notifications/receivers.js';
import type { DeliveryMetrics } from '../metrics.js';
import type { ReceiverResponse, DeliveryQueue, Notifier, Settle } from '../ports.js';
import { createSemaphore, type Semaphore } from './semaphore.js';

export interface DeliveryQueueOptions {
  readonly kind: 'service' | 'node';
  readonly notifier: Notifier;
  /** Attempts after the first. */
  readonly retries: number;
  /** From the end of one attempt to the start of the next; 0 or less: one attempt only. */
  readonly retryIntervalMs: number;
  /** Requests under way to one receiver. */
  readonly maxPerReceiver: number;
  readonly onSettled: Settle;
  readonly metrics: DeliveryMetrics;
  readonly logger: Logger;
}

/** A receiver that is slow to hear of a remove delays the create that follows by no more than this. */
const MAX_ORDER_WAIT_MS = 2_000;
/** Retries of many deliveries to one receiver are spread by up to this part of the interval. */
const JITTER = 0.1;
const SHOWN_BODY = 500;

interface Running {
  /** Ends it at once. */
  readonly abort: AbortController;
  /** Ends it after the attempt under way. */
  readonly enough: AbortController;
  readonly firstAttempt: Promise<void>;
}

/** Carries deliveries out side by side; a slow or failing receiver holds nobody but itself. */
export function createDeliveryQueue(options: DeliveryQueueOptions): DeliveryQueue {
  const { kind, notifier, onSettled, metrics, logger } = options;
  const running = new Map<Delivery, Running>();
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
  async function attempt(
    delivery: Delivery,
    signal: AbortSignal,
  ): Promise<ReceiverResponse | Error | undefined> {
    const free = await semaphoreOf(delivery.receiver).acquire(signal);
    if (!free) return undefined;
    try {
      metrics.attempt(delivery);
      logger.debug(`Sending ${describe(kind, delivery)} notification to ${delivery.receiver.url}`, {
        [kind]: delivery.name,
      });
      return await notifier.send(delivery, signal);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      free();
    }
  }

  async function waitForTurn(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const before = delivery.after.flatMap((one) => running.get(one)?.firstAttempt ?? []);
    if (before.length === 0) return;
    const over = new AbortController();
    const limit = sleep(MAX_ORDER_WAIT_MS, AbortSignal.any([signal, over.signal]));
    await Promise.race([Promise.all(before), limit]);
    over.abort();
  }

  async function deliver(delivery: Delivery, state: Running, firstDone: () => void): Promise<Outcome> {
    const { signal } = state.abort;
    const limit = delivery.singleAttempt ? 1 : attempts;
    await waitForTurn(delivery, signal);
    for (let made = 1; ; made += 1) {
      const result = await attempt(delivery, signal);
      firstDone();
      if (result === undefined || isAborted(signal)) return 'cancelled';
      if (!(result instanceof Error)) {
        if (result.status >= 200 && result.status < 300) return 'delivered';
        if (result.status === 409 && delivery.receiver.event === 'create') return 'refused';
      }
      if (isAborted(state.enough.signal)) return 'cancelled';
      const last = made >= limit;
      report(delivery, result, made, last);
      if (last) return 'given up';
      await sleep(options.retryIntervalMs * (1 + JITTER * Math.random()), state.enough.signal);
      if (isAborted(state.enough.signal)) return 'cancelled';
    }
  }

  function report(delivery: Delivery, result: ReceiverResponse | Error, made: number, last: boolean): void {
    const fields = {
      [kind]: delivery.name,
      receiver: delivery.receiver.url,
      attempt: made,
      ...(result instanceof Error
        ? { reason: messageOf(result) }
        : { status: result.status, body: result.body.slice(0, SHOWN_BODY), ...tooLong(delivery, result) }),
    };
    const what = describe(kind, delivery);
    if (!last)
      logger[made === 1 ? 'warn' : 'debug'](
        `Retrying ${what} notification to ${delivery.receiver.url} (${made} try)`,
        fields,
      );
    else if (delivery.singleAttempt)
      logger.warn(`Not repeated: ${what} notification, its create follows`, fields);
    else logger.error(`Giving up ${what} notification`, fields);
  }

  return {
    start(delivery) {
      let firstDone: () => void = () => undefined;
      const firstAttempt = new Promise<void>((resolve) => (firstDone = resolve));
      const state: Running = { abort: new AbortController(), enough: new AbortController(), firstAttempt };
      running.set(delivery, state);
      metrics.started(delivery);
      void deliver(delivery, state, firstDone)
        .catch((error: unknown): Outcome => {
          logger.error('Delivery failed', { err: error, receiver: delivery.receiver.url });
          return 'given up';
        })
        .then((outcome) => {
          firstDone();
          running.delete(delivery);
          metrics.settled(delivery, outcome);
          log(delivery, outcome);
          onSettled(delivery, outcome);
        });
    },
    cancel(delivery) {
      const state = running.get(delivery);
      state?.abort.abort();
      state?.enough.abort();
    },
    finish: (delivery) => running.get(delivery)?.enough.abort(),
    async drain(graceMs) {
      for (const state of running.values()) state.enough.abort();
      const deadline = performance.now() + graceMs;
      while (running.size > 0 && performance.now() < deadline) await sleep(20);
      for (const state of running.values()) state.abort.abort();
    },
  };

  function log(delivery: Delivery, outcome: Outcome): void {
    const fields = { [kind]: delivery.name, receiver: delivery.receiver.url };
    const what = describe(kind, delivery);
    if (outcome === 'delivered') logger.info(`Sent ${what} notification`, fields);
    else if (outcome === 'refused') logger.info(`Refused: ${what} notification`, fields);
    else if (outcome === 'cancelled')
      logger.debug(
        `Canceling ${kind} ${delivery.receiver.event} notification to ${delivery.receiver.url}`,
        fields,
      );
  }
}

/** A function, since the signal changes while we wait. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** As in the log of the original: `service created`, `node removed`. */
function describe(kind: string, delivery: Delivery): string {
  return `${kind} ${delivery.receiver.event}d`;
}

/** Receivers refuse addresses that are too long for them; then the longest label is worth naming. */
function tooLong(delivery: Delivery, { status }: ReceiverResponse): { label?: string; length?: number } {
  if (status !== 414 && status !== 431) return {};
  const [longest] = Object.entries(delivery.parameters).sort(([, a], [, b]) => b.length - a.length);
  return longest ? { label: longest[0], length: longest[1].length } : {};
}
