import { createAutoResetEvent } from '@docker-flow/daemon/concurrency/auto-reset-event';
import { systemClock, type Clock } from '@docker-flow/daemon/concurrency/clock';
import { isAborted, untilAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { createWorkQueue } from '@docker-flow/daemon/concurrency/work-queue';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { ListenerMetrics } from '../metrics.js';
import type { SwarmEvent } from '../ports.js';
import { strongerCause, type CompareCause } from './compare-cause.js';
import type { EventStream } from './event-stream.js';

export interface ResyncLoopDeps {
  /**
   * Compares everything with Docker; answers how many differences there were.
   *
   * @throws {UpstreamError}
   */
  readonly compare: (cause: CompareCause) => Promise<number>;
  /**
   * Looks at one object.
   *
   * @throws {UpstreamError}
   */
  readonly inspect: (id: string) => Promise<void>;
  /** Says that something has happened; absent when events are switched off. */
  readonly events: EventStream | undefined;
  /** Something has happened: what was kept of earlier answers is old. */
  readonly onEvent: () => void;
  /** Which events name something worth looking at; absent: all. */
  readonly isRelevant?: (event: SwarmEvent) => boolean;
  readonly metrics: Pick<ListenerMetrics, 'failed' | 'compared'>;
  readonly logger: Logger;
  readonly clock?: Clock;
}

export interface ResyncLoopOptions {
  readonly kind: 'service' | 'node';
  /** Pauses between comparisons that nothing has asked for; 0: none. */
  readonly pollingMs: number;
  readonly resyncMs: number;
  /** Objects that are looked at side by side. */
  readonly maxInspections: number;
}

/** Compares everything at start, when the event stream opens and now and then; inspects what events name in between. */
export interface ResyncLoop extends Actor {
  /** Asks for a comparison; before the initial sync that is one. Several before it begins are one. */
  request(cause: CompareCause): void;
  /** Whether everything was compared once. */
  hasSynced(): boolean;
  /** Resolves when the initial sync has been made, or has failed for the first time. */
  readonly firstTry: Promise<void>;
}

const RETRY_MS = 1_000;
const INSPECTION_RETRY = { firstMs: 500, maxMs: 30_000 };
const OPERATIONS = {
  service: { listen: 'ListenForServiceEvents', compare: 'compareServices', inspect: 'inspectService' },
  node: { listen: 'ListenForNodeEvents', compare: 'compareNodes', inspect: 'inspectNode' },
} as const;
const NAMES = { service: 'Service', node: 'Node' } as const;

export function createResyncLoop(deps: ResyncLoopDeps, options: ResyncLoopOptions): ResyncLoop {
  const { events, metrics, logger, clock = systemClock } = deps;
  const { kind } = options;
  const operations = OPERATIONS[kind];
  const requested = createAutoResetEvent(clock);
  const [tried, synced] = [createSignal(), createSignal()];
  let wanted: CompareCause | undefined;

  let failedInspections = 0;

  const inspections = createWorkQueue({
    handle: async (id) => {
      await deps.inspect(id);
      failedInspections = 0;
      return undefined;
    },
    maxAtOnce: options.maxInspections,
    retry: INSPECTION_RETRY,
    onError(id, error, retryInMs) {
      metrics.failed(operations.inspect);
      failedInspections += 1;
      logger[failedInspections === 1 ? 'warn' : 'debug'](
        `${NAMES[kind]} could not be inspected, trying again`,
        {
          id,
          reason: messageOf(error),
          retryInMs,
        },
      );
    },
    clock,
  });

  function request(cause: CompareCause): void {
    wanted = strongerCause(wanted, cause);
    requested.set();
  }

  async function compareOnce(cause: CompareCause): Promise<void> {
    const startedMs = clock.nowMs();
    const mayDrift = synced.isSet() && cause === 'compare' && (events?.state().open ?? false);
    const differences = await deps.compare(cause);
    const drift = mayDrift ? differences : 0;
    metrics.compared(kind, drift, Date.now() / 1_000);
    events?.compared(startedMs, drift);
    synced.set();
  }

  async function compareLoop(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!isAborted(signal)) {
      if (wanted === undefined) {
        await requested.wait(signal);
        continue;
      }
      const cause = synced.isSet() ? wanted : 'initialSync';
      wanted = undefined;
      try {
        await compareOnce(cause);
        failures = 0;
      } catch (error) {
        metrics.failed(operations.compare);
        failures += 1;
        // Once is enough, until it works again.
        logger[failures === 1 ? 'error' : 'debug'](`${NAMES[kind]}s could not be compared with Docker`, {
          reason: messageOf(error),
        });
        tried.set();
        await clock.sleep(RETRY_MS, signal);
        request(cause);
      }
      tried.set();
    }
  }

  async function requestEvery(periodMs: number, signal: AbortSignal): Promise<void> {
    if (periodMs <= 0) return;
    for (;;) {
      await clock.sleep(periodMs, signal);
      if (signal.aborted) return;
      request('compare');
    }
  }

  /** Before the initial sync events are kept: they tell of what it may not have seen. */
  async function inspectAfterSync(signal: AbortSignal): Promise<void> {
    await Promise.race([synced.promise, untilAborted(signal)]);
    await inspections.run(signal);
  }

  async function followEvents(signal: AbortSignal): Promise<void> {
    if (!events) {
      request('compare');
      return;
    }
    const handlers = {
      onOpen: () => request('compare'),
      onEvent(event: SwarmEvent) {
        deps.onEvent();
        if (deps.isRelevant?.(event) ?? true) inspections.add(event.id);
      },
      onBreak() {
        metrics.failed(operations.listen);
        // Also without events: what can be compared is compared.
        if (!synced.isSet()) request('compare');
      },
    };
    await events.run(handlers, signal);
  }

  return {
    name: `${kind}s`,
    request,
    hasSynced: () => synced.isSet(),
    firstTry: tried.promise,
    async run(signal) {
      if (options.pollingMs > 0) logger.info(`Polling for ${NAMES[kind]} Changes`);
      await Promise.all([
        followEvents(signal),
        compareLoop(signal),
        inspectAfterSync(signal),
        requestEvery(options.pollingMs, signal),
        requestEvery(options.resyncMs, signal),
      ]);
    },
  };
}

interface Signal {
  readonly promise: Promise<void>;
  set(): void;
  isSet(): boolean;
}

function createSignal(): Signal {
  let isSet = false;
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return {
    promise,
    set() {
      isSet = true;
      resolve();
    },
    isSet: () => isSet,
  };
}
