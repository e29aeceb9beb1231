import type { Parameters } from '@docker-flow/labels';
import { createAutoResetEvent } from '../concurrency/auto-reset-event.js';
import { backoff } from '../concurrency/backoff.js';
import { systemClock, type Clock } from '../concurrency/clock.js';
import { createGate } from '../concurrency/gate.js';
import { createSerialQueue } from '../concurrency/serial-queue.js';
import { untilAborted } from '../concurrency/until-aborted.js';
import { messageOf, UpstreamError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import type { Actor } from '../process/lifecycle.js';
import type { ListenerClient } from './listener-client.js';
import { createServiceTable, type ServiceTable } from './service-table.js';

/** What a complete list changed, or a removal that all lists confirm by now. */
export interface FeedChanges {
  readonly changed: ReadonlyMap<string, Parameters>;
  readonly removed: readonly string[];
  /** Removed by notification earlier, and in no list any more. */
  readonly confirmed: readonly string[];
}

export interface ServiceFeedOptions {
  readonly name?: string;
  /** One that stands there twice is asked twice, in turn. */
  readonly sources: readonly ListenerClient[];
  /** Where notifications go that are not given to `noted`; absent: a table of its own. */
  readonly table?: ServiceTable;
  /** Rows of a list by their name; absent: by `serviceName`. */
  readonly readRows?: (rows: readonly Parameters[]) => ReadonlyMap<string, Parameters>;
  /** What the last run knew: it goes when every source has answered and none names it. */
  readonly restored?: ReadonlyMap<string, Parameters>;
  /**
   * A listener that has just started may answer before it has seen a service. Then an empty list after one that was
   * not is believed only when it comes a second time.
   */
  readonly doubtsEmptyLists?: boolean;
  /** Called when a list has changed something; the source is asked again when this has ended. */
  readonly onChange: (source: string, changes: FeedChanges) => void | Promise<void>;
  /** Called after each answer and the change it made. */
  readonly onSuccess?: (source: string) => void;
  /** Before the first question. */
  readonly waitMs?: number;
  /** Pause after a success before the list is asked for again; 0: once is enough. */
  readonly repeatMs: number;
  readonly firstPauseMs?: number;
  readonly maxPauseMs?: number;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** Services of all sources, from lists and from notifications. */
export interface ServiceFeed extends Actor {
  readonly table: ServiceTable;
  /** Resolves when the actor has asked every source once, and one of them has given a list; what it changed was passed on. */
  readonly firstAnswer: Promise<void>;
  /** A notification: newer than any list that was asked for before. `undefined`: the service is gone. */
  noted(service: string, parameters: Parameters | undefined): void;
  /** Asks every source now; one that does not answer is asked again in its own time. */
  pull(): Promise<void>;
}

interface SourceState {
  /** The list that was applied last. */
  etag: string | undefined;
  /** How many notifications there had been when it was asked for. */
  since: number;
  lastList: 'none' | 'services' | 'unconfirmed';
}

/** Others are often notified at the same time. */
const UNLISTED_QUIET_MS = 3_000;
const UNLISTED_AT_LATEST_MS = 10_000;

/**
 * Pulls everything from each source at start, again and again until it works, and then every `repeatMs`, so that a
 * lost notification cannot stay lost. It asks sooner when a service was notified that no list has named: only a list
 * that named it once can say that it is gone, should its removal be lost. After a notification the whole list is asked
 * for, without its ETag: a service that was removed by mistake would otherwise be hidden behind a list that has not
 * changed.
 */
export function createServiceFeed(options: ServiceFeedOptions): ServiceFeed {
  const { sources, readRows = byServiceName, restored = new Map(), logger, clock = systemClock } = options;
  const { firstPauseMs = 500, maxPauseMs = 10_000, waitMs = 0, repeatMs } = options;
  const table = options.table ?? createServiceTable({ sources: sources.map(({ address }) => address) });
  const states = new Map<ListenerClient, SourceState>();
  const turns = createSerialQueue();
  const gates = sources.map(createGate);
  const answered = createGate();
  for (const source of sources) {
    if (restored.size > 0) table.beginPull(source.address).apply(restored);
    states.set(source, { etag: undefined, since: -1, lastList: restored.size > 0 ? 'services' : 'none' });
  }

  /** One question and what comes of it. @throws {UpstreamError} when there is no answer that can be believed */
  async function ask(source: ListenerClient, signal: AbortSignal | undefined): Promise<void> {
    const { address } = source;
    const state = states.get(source) ?? { etag: undefined, since: -1, lastList: 'none' };
    const pull = table.beginPull(address);
    const etag = state.since === table.notifications() ? state.etag : undefined;
    const answer = await source.getServices({ etag, ...(signal ? { signal } : {}) });
    if (answer.kind === 'unchanged') pull.close();
    else {
      const rows = withKnown(readRows(answer.rows), readRows(answer.notRunning ?? []));
      doubt(state, rows);
      const { changed, removed, confirmed } = pull.apply(rows);
      Object.assign(state, { etag: answer.etag, since: pull.since });
      if (changed.length + removed.length + confirmed.length > 0) {
        logger.info('Services fetched from the listener', {
          listener: address,
          changed: changed.length,
          removed: removed.length,
        });
        await options.onChange(address, { changed: pick(rows, changed), removed, confirmed });
      }
    }
    options.onSuccess?.(address);
  }

  /** A service that is being restarted, or woken, is not gone; one that has never run is none yet. */
  function withKnown(
    rows: ReadonlyMap<string, Parameters>,
    notRunning: ReadonlyMap<string, Parameters>,
  ): ReadonlyMap<string, Parameters> {
    const known = [...notRunning].filter(([service]) => !rows.has(service) && table.get(service));
    return known.length === 0 ? rows : new Map([...rows, ...known]);
  }

  function doubt(state: SourceState, rows: ReadonlyMap<string, Parameters>): void {
    if (rows.size > 0) state.lastList = 'services';
    else if (options.doubtsEmptyLists === true && state.lastList === 'services') {
      state.lastList = 'unconfirmed';
      throw new UpstreamError('the list is empty, which it was not before');
    }
  }

  /** Whether it worked. */
  async function tryToAsk(
    source: ListenerClient,
    fields: () => object,
    signal?: AbortSignal,
  ): Promise<boolean> {
    try {
      // In turn, so that an older answer never comes after a newer one.
      await turns.run(source.address, () => ask(source, signal));
      return true;
    } catch (error) {
      if (signal?.aborted !== true)
        logger.warn('Services could not be fetched from the listener', {
          listener: source.address,
          reason: messageOf(error),
          ...fields(),
        });
      return false;
    }
  }

  /** Resolves when the list is to be asked for again. */
  function createDue(): (signal: AbortSignal) => Promise<void> {
    const unlisted = createAutoResetEvent(clock);
    let heard = 0;
    table.onUnlisted(() => {
      heard += 1;
      unlisted.set();
    });
    return async (signal) => {
      const dueMs = clock.nowMs() + repeatMs;
      await unlisted.wait(signal, repeatMs);
      const latestMs = Math.min(dueMs, clock.nowMs() + UNLISTED_AT_LATEST_MS);
      for (let seen = -1; seen !== heard && clock.nowMs() < latestMs && !signal.aborted;) {
        seen = heard;
        await unlisted.wait(signal, Math.min(UNLISTED_QUIET_MS, latestMs - clock.nowMs()));
      }
    };
  }

  async function follow(source: ListenerClient, opened: () => void, signal: AbortSignal): Promise<void> {
    const pauses = backoff({ firstMs: firstPauseMs, maxMs: maxPauseMs });
    const due = createDue();
    let pauseMs = 0;
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    while (!signal.aborted) {
      const hasWorked = await tryToAsk(source, () => ({ retryInMs: (pauseMs = pauses.next()) }), signal);
      opened();
      if (hasWorked) {
        answered.open();
        if (repeatMs <= 0) return;
        pauses.reset();
        await due(signal);
      } else await clock.sleep(pauseMs, signal);
    }
  }

  return {
    name: options.name ?? 'service-feed',
    table,
    firstAnswer: Promise.all(
      [...gates, ...(sources.length > 0 ? [answered] : [])].map(({ opened }) => opened),
    ).then(() => undefined),
    noted(service, parameters) {
      if (parameters) table.upsert(service, parameters);
      else table.remove(service);
    },
    async pull() {
      await Promise.all(sources.map((source) => tryToAsk(source, () => ({}))));
    },
    async run(signal) {
      for (const [i, source] of sources.entries())
        void follow(source, gates[i]?.open ?? (() => undefined), signal);
      await untilAborted(signal);
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

function pick(
  rows: ReadonlyMap<string, Parameters>,
  names: readonly string[],
): ReadonlyMap<string, Parameters> {
  return new Map(
    names.flatMap((name) => {
      const row = rows.get(name);
      return row ? [[name, row] as const] : [];
    }),
  );
}
