import { systemClock, type Clock } from '@docker-flow/daemon/concurrency/clock';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { EventHandlers, Swarm } from '../ports.js';

/** Whether an event stream is open, and since when it is as it is (milliseconds of the wall clock). */
export interface StreamState {
  readonly open: boolean;
  readonly sinceMs: number;
  readonly reason: string | undefined;
}

export interface EventStreamDeps {
  readonly type: 'service' | 'node';
  readonly swarm: Pick<Swarm, 'follow'>;
  readonly logger: Logger;
  readonly clock?: Clock;
}

export interface EventStreamHandlers extends EventHandlers {
  /** The stream has broken or could not be opened. */
  onBreak(): void;
}

export interface EventStream {
  state(): StreamState;
  /**
   * A comparison that began at `startedMs` (of the clock) has found so many differences. The first one after the
   * stream was opened finds what happened before; a later one only what no event has told. When none has come a
   * little later either, the stream is open and says nothing, and is opened anew.
   */
  compared(startedMs: number, differences: number): void;
  /** `onOpen`: something may have been missed before, compare everything. */
  run(handlers: EventStreamHandlers, signal: AbortSignal): Promise<void>;
}

const RECONNECT_MS = 1_000;
/** An event later than this after the change it tells of is not coming any more. */
const SILENCE_MS = 2_000;

/**
 * One event stream, opened again a second after it broke or ended, for ever. Streams are read and handed on
 * at once: an engine drops events for readers that are slow.
 */
export function createEventStream({
  type,
  swarm,
  logger,
  clock = systemClock,
}: EventStreamDeps): EventStream {
  let state: StreamState = { open: false, sinceMs: Date.now(), reason: 'not opened yet' };
  let current: AbortController | undefined;
  let isRecycled = false;
  let openedMs = Infinity;
  let comparedSinceOpen = false;
  let lastEventMs = -Infinity;
  let version: string | undefined;

  function noteOpen(): void {
    state = { open: true, sinceMs: Date.now(), reason: undefined };
    openedMs = clock.nowMs();
    comparedSinceOpen = false;
    logger.info(`Listening to Docker ${type === 'service' ? 'Service' : 'Node'} Events`);
  }

  async function suspect(sinceMs: number): Promise<void> {
    const suspected = current;
    await clock.sleep(SILENCE_MS, suspected?.signal);
    if (lastEventMs >= sinceMs - SILENCE_MS || current !== suspected || !state.open) return;
    logger.warn('The event stream is open but says nothing, opening it anew', { stream: type });
    isRecycled = true;
    suspected?.abort();
  }

  function noteVersion(agreed: string | undefined): void {
    if (agreed !== undefined && agreed !== version)
      logger.info(`Using Docker Client API version: ${agreed}`, { stream: type });
    version = agreed;
  }

  async function follow(handlers: EventHandlers, signal: AbortSignal): Promise<void> {
    const stream = new AbortController();
    current = stream;
    const noting: EventHandlers = {
      onOpen(apiVersion) {
        noteVersion(apiVersion);
        noteOpen();
        handlers.onOpen(apiVersion);
      },
      onEvent(event) {
        lastEventMs = clock.nowMs();
        handlers.onEvent(event);
      },
    };
    await swarm.follow(type, noting, AbortSignal.any([signal, stream.signal]));
  }

  return {
    state: () => state,
    compared(startedMs, differences) {
      if (!state.open || startedMs < openedMs) return;
      const isFirst = !comparedSinceOpen;
      comparedSinceOpen = true;
      if (differences > 0 && !isFirst) void suspect(startedMs);
    },
    async run(handlers, signal) {
      while (!isAborted(signal)) {
        let reason = 'the stream has ended';
        try {
          await follow(handlers, signal);
        } catch (error) {
          reason = messageOf(error);
        }
        if (isAborted(signal)) return;
        const isNews = state.open || state.reason === 'not opened yet';
        if (isNews) state = { open: false, sinceMs: Date.now(), reason };
        if (!isRecycled) {
          // Docker may be away for hours; that it still is need not be said every second.
          logger[isNews ? 'error' : 'debug']('Event stream broke', { stream: type, reason });
          handlers.onBreak();
          await clock.sleep(RECONNECT_MS, signal);
        }
        isRecycled = false;
      }
    },
  };
}
