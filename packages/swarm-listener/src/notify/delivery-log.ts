import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Delivery, Outcome } from '../core/notifications/delivery.js';
import type { ReceiverResponse } from '../ports.js';

/** What the log says of deliveries; users of the original search for these texts. */
export interface DeliveryLog {
  attempt(delivery: Delivery): void;
  /** An attempt that was not what we wanted. `isLast`: there will be no other. */
  failure(delivery: Delivery, result: ReceiverResponse | Error, attempt: number, isLast: boolean): void;
  /** The receiver does not want it, for good. */
  rejected(delivery: Delivery, response: ReceiverResponse): void;
  settled(delivery: Delivery, outcome: Outcome): void;
  /** Something that should never happen. */
  defect(delivery: Delivery, error: unknown): void;
}

const SHOWN_BODY = 500;
const MAX_REMEMBERED = 10_000;

/**
 * Says what is wrong once: of a receiver that does not answer or fails, as while it starts, with its first delivery
 * alone; of a service that a receiver does not take, until the reason is another or it was delivered.
 */
export function createDeliveryLog(kind: 'service' | 'node', logger: Logger): DeliveryLog {
  /** Receivers that do not work, by address. */
  const failing = new Set<string>();
  /** Why a receiver did not take a name, as it was last said. */
  const reasons = new Map<string, string>();
  /** What was given up and said to be. */
  const givenUp = new Set<string>();

  /** As in the log of the original: `service created`, `node removed`. */
  function describe({ receiver }: Delivery): string {
    return `${kind} ${receiver.event}d`;
  }

  function isNewReason(delivery: Delivery, { status, body }: ReceiverResponse): boolean {
    const key = keyOf(delivery);
    const reason = `${status} ${body}`;
    if (reasons.get(key) === reason) return false;
    if (reasons.size >= MAX_REMEMBERED) reasons.clear();
    reasons.set(key, reason);
    return true;
  }

  function isNewlyGivenUp(delivery: Delivery): boolean {
    const key = keyOf(delivery);
    if (givenUp.has(key)) return false;
    if (givenUp.size >= MAX_REMEMBERED) givenUp.clear();
    givenUp.add(key);
    return true;
  }

  /** Whether this failure is to be told: one of a receiver that does not work, each of one that does. */
  function isFirstOf(delivery: Delivery, result: ReceiverResponse | Error): boolean {
    const { url } = delivery.receiver;
    const isOfReceiver = result instanceof Error || result.status >= 500;
    if (!isOfReceiver) return isNewReason(delivery, result);
    const isFirst = !failing.has(url);
    failing.add(url);
    return isFirst;
  }

  return {
    attempt(delivery) {
      logger.debug(`Sending ${describe(delivery)} notification to ${delivery.receiver.url}`, {
        [kind]: delivery.name,
      });
    },
    failure(delivery, result, attempt, isLast) {
      const fields = {
        [kind]: delivery.name,
        receiver: delivery.receiver.url,
        attempt,
        ...reasonOf(result),
        ...(result instanceof Error ? {} : tooLong(delivery, result)),
      };
      const what = describe(delivery);
      if (!isLast)
        logger[attempt === 1 && isFirstOf(delivery, result) ? 'warn' : 'debug'](
          `Retrying ${what} notification to ${delivery.receiver.url} (${attempt} try)`,
          fields,
        );
      else if (delivery.singleAttempt)
        logger[isFirstOf(delivery, result) ? 'warn' : 'debug'](
          `Not repeated: ${what} notification, its create follows`,
          fields,
        );
      else logger[isNewlyGivenUp(delivery) ? 'error' : 'debug'](`Giving up ${what} notification`, fields);
    },
    rejected(delivery, response) {
      logger[isNewReason(delivery, response) ? 'warn' : 'debug'](
        `Rejected: ${describe(delivery)} notification`,
        { [kind]: delivery.name, receiver: delivery.receiver.url, ...reasonOf(response) },
      );
    },
    settled(delivery, outcome) {
      const fields = { [kind]: delivery.name, receiver: delivery.receiver.url };
      if (outcome === 'delivered') {
        reasons.delete(keyOf(delivery));
        givenUp.delete(keyOf(delivery));
        if (failing.delete(delivery.receiver.url))
          logger.info('Receiver takes notifications again', { receiver: delivery.receiver.url });
        logger.info(`Sent ${describe(delivery)} notification`, fields);
      } else if (outcome === 'cancelled')
        logger.debug(
          `Canceling ${kind} ${delivery.receiver.event} notification to ${delivery.receiver.url}`,
          fields,
        );
    },
    defect: (delivery, error) =>
      logger.error('Delivery failed', { err: error, receiver: delivery.receiver.url }),
  };
}

function keyOf({ receiver, name }: Delivery): string {
  return `${receiver.url}\n${name}`;
}

/** Why a receiver did not take it, in its own words where it says so; addresses without their queries. */
function reasonOf(result: ReceiverResponse | Error): Record<string, unknown> {
  if (result instanceof Error) return { reason: messageOf(result).replace(/\?\S*?(?=:?(?:\s|$))/g, '') };
  return { status: result.status, reason: complaint(result.body).slice(0, SHOWN_BODY) };
}

/** The message in an answer of one of our programs, or the answer as it is. */
function complaint(body: string): string {
  try {
    const { Message: message, message: other } = JSON.parse(body) as Record<string, unknown>;
    const text = typeof message === 'string' && message !== '' ? message : other;
    return typeof text === 'string' && text !== '' ? text : body;
  } catch {
    return body;
  }
}

/** Receivers refuse addresses that are too long for them; then the longest label is worth naming. */
function tooLong(delivery: Delivery, { status }: ReceiverResponse): { label?: string; length?: number } {
  if (status !== 414 && status !== 431) return {};
  const [longest] = Object.entries(delivery.parameters).sort(([, a], [, b]) => b.length - a.length);
  return longest ? { label: longest[0], length: longest[1].length } : {};
}
