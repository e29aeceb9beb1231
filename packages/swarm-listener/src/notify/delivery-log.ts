import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Delivery, Outcome } from '../core/notifications/delivery.js';
import type { ReceiverResponse } from '../ports.js';

/** What the log says of deliveries; users of the original search for these texts. */
export interface DeliveryLog {
  attempt(delivery: Delivery): void;
  /** An attempt that was not what we wanted. `isLast`: there will be no other. */
  failure(delivery: Delivery, result: ReceiverResponse | Error, attempt: number, isLast: boolean): void;
  settled(delivery: Delivery, outcome: Outcome): void;
  /** Something that should never happen. */
  defect(delivery: Delivery, error: unknown): void;
}

const SHOWN_BODY = 500;

export function createDeliveryLog(kind: 'service' | 'node', logger: Logger): DeliveryLog {
  /** As in the log of the original: `service created`, `node removed`. */
  function describe({ receiver }: Delivery): string {
    return `${kind} ${receiver.event}d`;
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
        ...(result instanceof Error
          ? { reason: messageOf(result) }
          : { status: result.status, body: result.body.slice(0, SHOWN_BODY), ...tooLong(delivery, result) }),
      };
      const what = describe(delivery);
      if (!isLast)
        logger[attempt === 1 ? 'warn' : 'debug'](
          `Retrying ${what} notification to ${delivery.receiver.url} (${attempt} try)`,
          fields,
        );
      else if (delivery.singleAttempt)
        logger.warn(`Not repeated: ${what} notification, its create follows`, fields);
      else logger.error(`Giving up ${what} notification`, fields);
    },
    settled(delivery, outcome) {
      const fields = { [kind]: delivery.name, receiver: delivery.receiver.url };
      const what = describe(delivery);
      if (outcome === 'delivered') logger.info(`Sent ${what} notification`, fields);
      else if (outcome === 'rejected') logger.info(`Rejected: ${what} notification`, fields);
      else if (outcome === 'cancelled')
        logger.debug(
          `Canceling ${kind} ${delivery.receiver.event} notification to ${delivery.receiver.url}`,
          fields,
        );
    },
    defect: (delivery, error) =>
      logger.error('Delivery failed', { err: error, receiver: delivery.receiver.url }),
  };
}

/** Receivers refuse addresses that are too long for them; then the longest label is worth naming. */
function tooLong(delivery: Delivery, { status }: ReceiverResponse): { label?: string; length?: number } {
  if (status !== 414 && status !== 431) return {};
  const [longest] = Object.entries(delivery.parameters).sort(([, a], [, b]) => b.length - a.length);
  return longest ? { label: longest[0], length: longest[1].length } : {};
}
