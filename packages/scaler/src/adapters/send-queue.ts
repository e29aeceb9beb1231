import { DroppedError, createSerialQueue } from '@docker-flow/daemon/concurrency/serial-queue';
import type { Logger } from '@docker-flow/daemon/log/logger';

/** Sends things one after the other for each receiver, so that order is kept and nobody waits. */
export interface SendQueue {
  push(receiver: string, send: () => Promise<void>): void;
  /** Resolves when everything pushed so far was sent or given up. */
  idle(): Promise<void>;
}

export interface SendQueueDeps {
  readonly logger: Logger;
  /** Hears of everything that is given up because too much waits. */
  readonly onDropped: () => void;
}

/** A neighbour that hangs must not fill the memory. */
const MAX_WAITING = 1_000;

export function createSendQueue({ logger, onDropped }: SendQueueDeps): SendQueue {
  const queue = createSerialQueue({ maxWaiting: MAX_WAITING });
  return {
    push(receiver, send) {
      queue.run(receiver, send).catch((error: unknown) => {
        if (!(error instanceof DroppedError)) throw error;
        onDropped();
        logger.warn('Too much waits to be sent, the oldest was given up', { receiver });
      });
    },
    idle: () => queue.idle(),
  };
}
