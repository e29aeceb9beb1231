import { messageOf } from '@docker-flow/daemon/errors';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import { createKeyedLooks } from './inspect-queue.js';
import type { ListenerMetrics } from '../metrics.js';
import { createWaker } from './wakeable.js';
import type { EventWatch } from './event-stream.js';
import { compareServices, type CompareParts, type CompareCause } from './compare-services.js';
import type { Observations } from './task-snapshot.js';
import { inspectService } from './inspect-service.js';
import { pollTasks } from './poll-tasks.js';

export interface ServiceWatchParts extends CompareParts {
  readonly observations: Observations;
  readonly metrics: () => ListenerMetrics;
  readonly logger: Logger;
  readonly pollingMs: number;
  readonly resyncMs: number;
  readonly taskPollingMs: number;
  /** Calls `onOpen` when everything is to be compared; absent when service events are switched off. */
  readonly events: EventWatch | undefined;
}

export interface ServiceWatch extends Actor {
  /** An event has come: look at this service. */
  hint(id: string): void;
  compareSoon(cause: CompareCause): void;
  /** Resolves when the initial sync has been done or has failed for the first time. */
  readonly firstTry: Promise<void>;
  hasSynced(): boolean;
}

const LOOKS_AT_ONCE = 8;
const RETRY_MS = 1_000;
/** Everything is sent again no more often than this; those who ask meanwhile share the next time. */
const RESEND_PAUSE_MS = 1_000;
const STRENGTH: Readonly<Record<CompareCause, number>> = { compare: 0, resend: 1, initialSync: 2 };

/** Everything that makes us look at services: events, comparisons, polls. */
export function createServiceWatch(parts: ServiceWatchParts): ServiceWatch {
  const { logger, metrics, nowMs } = parts;
  // The first look at everything is the initial sync; it is repeated until it works.
  let wanted: CompareCause | undefined;
  let synced = false;
  let lastResendMs = -Infinity;
  /** What is to be sent again when the pause is over. */
  let gathered: CompareCause | undefined;
  const waker = createWaker();
  let tried: () => void = () => undefined;
  const firstTry = new Promise<void>((resolve) => (tried = resolve));
  const early = new Set<string>();
  const looks = createKeyedLooks({
    look: (id) => inspectService(parts, id),
    maxAtOnce: LOOKS_AT_ONCE,
    onError: () => metrics().failed('inspectService'),
    logger,
  });

  function compareNow(cause: CompareCause): void {
    wanted = stronger(wanted, synced ? cause : 'initialSync');
    waker.wake();
  }

  function compareSoon(cause: CompareCause): void {
    if (cause === 'compare') {
      compareNow(cause);
      return;
    }
    const isFirst = gathered === undefined;
    gathered = stronger(gathered, cause);
    const waitMs = lastResendMs + RESEND_PAUSE_MS - nowMs();
    if (waitMs <= 0) resendNow();
    else if (isFirst) setTimeout(resendNow, waitMs).unref();
  }

  function resendNow(): void {
    if (gathered === undefined) return;
    lastResendMs = nowMs();
    compareNow(gathered);
    gathered = undefined;
  }

  async function compareOnce(cause: CompareCause): Promise<void> {
    if (cause !== 'compare') logger.info('Sending notifications for running services and nodes');
    const startedMs = nowMs();
    const eventsWereOpen = parts.events?.state().open ?? false;
    const differences = await compareServices(parts, cause);
    const drift = synced && cause === 'compare' && eventsWereOpen ? differences : 0;
    metrics().compared('service', drift, Date.now() / 1000);
    parts.events?.compared(startedMs, drift);
    synced = true;
    for (const id of early) looks.request(id);
    early.clear();
  }

  async function compareLoop(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      if (wanted === undefined) await waker.wait(signal);
      const cause = wanted;
      wanted = undefined;
      if (cause === undefined) continue;
      try {
        await compareOnce(cause);
        failures = 0;
      } catch (error) {
        metrics().failed('compareServices');
        failures += 1;
        // Once is enough, until it works again.
        logger[failures === 1 ? 'error' : 'debug']('Services could not be compared with Docker', {
          reason: messageOf(error),
        });
        tried();
        await sleep(RETRY_MS, signal);
        compareNow(cause);
      }
      tried();
    }
  }

  async function every(periodMs: number, signal: AbortSignal): Promise<void> {
    if (periodMs <= 0) return;
    for (;;) {
      await sleep(periodMs, signal);
      if (signal.aborted) return;
      compareSoon('compare');
    }
  }

  return {
    name: 'services',
    hint(id) {
      if (synced) looks.request(id);
      else early.add(id);
    },
    compareSoon,
    firstTry,
    hasSynced: () => synced,
    async run(signal) {
      if (parts.pollingMs > 0) logger.info('Polling for Service Changes');
      await Promise.all([
        compareLoop(signal),
        looks.run(signal),
        parts.converging.run(signal),
        every(parts.pollingMs, signal),
        every(parts.resyncMs, signal),
        parts.rules.nodeInfo === 'off'
          ? undefined
          : pollTasks({ ...parts, maxPauseMs: parts.taskPollingMs }, signal),
      ]);
    },
  };
}

function stronger(one: CompareCause | undefined, other: CompareCause): CompareCause {
  return one !== undefined && STRENGTH[one] > STRENGTH[other] ? one : other;
}
