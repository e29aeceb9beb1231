import type { Actor, Logger } from '@docker-flow/daemon';

/** Sends things one after the other, so that order is kept and nobody waits. */
export interface SendQueue<T> {
  readonly push: (item: T) => void;
  /** Resolves when everything pushed so far was sent. */
  readonly idle: () => Promise<void>;
  /** At the end of the program, what is queued is still sent. */
  readonly actor: Actor;
}

export interface SendQueueOptions<T> {
  readonly name: string;
  readonly send: (item: T) => Promise<void>;
  readonly logger: Logger;
  /** Called for each item that is given up because too many wait. */
  readonly onDropped?: () => void;
}

/** A neighbour that hangs must not fill the memory. */
const MOST_WAITING = 1_000;
const LAST_SENDS_MS = 2_500;

/** `send` must not throw: what fails is its business. */
export function createSendQueue<T>({ name, send, logger, onDropped }: SendQueueOptions<T>): SendQueue<T> {
  const waiting: T[] = [];
  let worker: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await send(item);
    worker = undefined;
  }

  function push(item: T): void {
    if (waiting.length >= MOST_WAITING) {
      waiting.shift();
      onDropped?.();
      logger.warn('Too much waits to be sent, the oldest was given up', { queue: name });
    }
    waiting.push(item);
    worker ??= work();
  }

  return {
    push,
    idle: () => worker ?? Promise.resolve(),
    actor: {
      name,
      async run(signal) {
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          else signal.addEventListener('abort', () => resolve(), { once: true });
        });
        let timer: NodeJS.Timeout | undefined;
        const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_SENDS_MS)));
        // Requests that are still being answered may push once more.
        const drained = (async () => {
          do await Promise.all([worker, new Promise((resolve) => setTimeout(resolve, 20))]);
          while (worker !== undefined);
        })();
        await Promise.race([drained, limit]);
        clearTimeout(timer);
      },
    },
  };
}
