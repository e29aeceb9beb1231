import type { Logger } from '@docker-flow/daemon/log/logger';

/** Sends things one after the other, so that order is kept and nobody waits. */
export interface SendQueue<T> {
  readonly push: (item: T) => void;
  /** Resolves when everything pushed so far was sent or given up. */
  readonly idle: () => Promise<void>;
}

export interface SendQueueOptions<T> {
  readonly name: string;
  /** Must not throw: what fails is its business. */
  readonly send: (item: T) => Promise<void>;
  readonly logger: Logger;
  /** Called for each item that is given up because too many wait. */
  readonly onDropped?: () => void;
}

/** A neighbour that hangs must not fill the memory. */
const MOST_WAITING = 1_000;

export function createSendQueue<T>({ name, send, logger, onDropped }: SendQueueOptions<T>): SendQueue<T> {
  const waiting: T[] = [];
  let worker: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await send(item);
    worker = undefined;
  }

  return {
    push(item) {
      if (waiting.length >= MOST_WAITING) {
        waiting.shift();
        onDropped?.();
        logger.warn('Too much waits to be sent, the oldest was given up', { queue: name });
      }
      waiting.push(item);
      worker ??= work();
    },
    idle: () => worker ?? Promise.resolve(),
  };
}
