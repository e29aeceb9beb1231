import type { Parameters } from '@docker-flow/labels';
import { messageOf } from '../errors.js';
import type { Actor } from '../process/lifecycle.js';
import type { ListenerClient } from './listener-client.js';
import type { Logger } from '../log/logger.js';
import { sleep } from '../concurrency/retry.js';
import type { Pull } from './service-table.js';

export interface SubscriptionOptions {
  readonly listeners: readonly ListenerClient[];
  /** Called before each request, so that what is notified while it is under way counts as newer. */
  readonly beginPull: (source: string) => Pull;
  /** Called with what a complete list changed; not called when it changed nothing. */
  readonly onChange: (source: string, changes: ReturnType<Pull['apply']>) => void;
  /** Called after each complete list, also when nothing has changed. */
  readonly onSuccess?: (source: string) => void;
  /** Pause after a success before the list is asked for again; 0: once is enough. */
  readonly repeatMs: number;
  readonly firstPauseMs?: number;
  readonly maxPauseMs?: number;
  readonly logger: Logger;
}

export interface Subscription extends Actor {
  /** Resolves when every listener has been asked once, with or without success. */
  readonly askedOnce: Promise<void>;
}

/**
 * Pulls everything from each listener at start, again and again until it works, and then every
 * `repeatMs`, with ETag, so that a lost notification cannot stay lost.
 */
export function createSubscription(options: SubscriptionOptions): Subscription {
  const { firstPauseMs = 500, maxPauseMs = 10_000, repeatMs, logger } = options;
  const first = options.listeners.map(createGate);
  async function follow(listener: ListenerClient, index: number, signal: AbortSignal): Promise<void> {
    let etag: string | undefined;
    let pauseMs = firstPauseMs;
    const stopped = () => signal.aborted;
    while (!stopped()) {
      try {
        const pull = options.beginPull(listener.address);
        const answer = await listener.getServices({ etag, signal });
        if (answer.kind === 'rows') {
          const changes = pull.apply(byServiceName(answer.rows));
          etag = answer.etag;
          if (changes.changed.length > 0 || changes.removed.length > 0)
            options.onChange(listener.address, changes);
        }
        options.onSuccess?.(listener.address);
        pauseMs = firstPauseMs;
        first[index]?.resolve();
        if (repeatMs <= 0) return;
        await sleep(repeatMs, signal);
      } catch (error) {
        if (stopped()) return;
        logger.warn('Services could not be fetched from the listener', {
          listener: listener.address,
          reason: messageOf(error),
          retryInMs: pauseMs,
        });
        first[index]?.resolve();
        await sleep(pauseMs, signal);
        pauseMs = Math.min(maxPauseMs, pauseMs * 2);
      }
    }
  }
  return {
    name: 'subscription',
    askedOnce: Promise.all(first.map((one) => one.promise)).then(() => undefined),
    async run(signal) {
      await Promise.all(options.listeners.map((listener, index) => follow(listener, index, signal)));
      if (!signal.aborted)
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        );
    },
  };
}

/**
 * Rows by `serviceName`; rows without one are left out. Of several with one name (two stacks with short names) the
 * last counts, as it does when rows are applied one after the other, which is what the originals did.
 */
export function byServiceName(rows: readonly Parameters[]): ReadonlyMap<string, Parameters> {
  const result = new Map<string, Parameters>();
  for (const row of rows) {
    const name = row['serviceName'];
    if (name !== undefined && name !== '') result.set(name, row);
  }
  return result;
}

function createGate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
}
