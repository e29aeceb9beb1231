import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import type { Docker, SwarmEvent } from '../ports.js';

/** Whether an event stream is open, and since when it is as it is (milliseconds of the wall clock). */
export interface StreamState {
  readonly open: boolean;
  readonly sinceMs: number;
  readonly reason: string | undefined;
}

export interface EventWatchOptions {
  readonly type: 'service' | 'node';
  readonly docker: Pick<Docker, 'negotiate' | 'follow'>;
  /** Something was missed before; compare everything. */
  readonly onOpen: () => void;
  readonly onEvent: (hint: SwarmEvent) => void;
  /** The stream has broken or could not be opened. */
  readonly onBreak: () => void;
  readonly logger: Logger;
  readonly reconnectMs?: number;
  readonly silenceMs?: number;
}

export interface EventWatch {
  state(): StreamState;
  /**
   * A comparison that began at `startedMs` (of `performance.now()`) has found so many differences. The first one
   * after the stream was opened finds what happened before; a later one only what no event has told. When none has
   * come a little later either, the stream is open and says nothing, and is opened anew.
   */
  compared(startedMs: number, differences: number): void;
  run(signal: AbortSignal): Promise<void>;
}

const RECONNECT_MS = 1_000;
/** An event later than this after the change it tells of is not coming any more. */
const SILENCE_MS = 2_000;

/**
 * One event stream, opened again a second after it broke or ended, for ever. Streams are read and handed on
 * at once: an engine drops events for readers that are slow.
 */
export function createEventWatch(options: EventWatchOptions): EventWatch {
  const { type, docker, logger, reconnectMs = RECONNECT_MS, silenceMs = SILENCE_MS } = options;
  let state: StreamState = { open: false, sinceMs: Date.now(), reason: 'not opened yet' };
  let current: AbortController | undefined;
  let recycled = false;
  let openedMs = Infinity;
  let comparedSinceOpen = false;
  let lastEventMs = -Infinity;
  let version: string | undefined;

  function opened(): void {
    state = { open: true, sinceMs: Date.now(), reason: undefined };
    openedMs = performance.now();
    comparedSinceOpen = false;
    logger.info(`Listening to Docker ${type === 'service' ? 'Service' : 'Node'} Events`);
    options.onOpen();
  }

  function suspect(sinceMs: number): void {
    const suspected = current;
    setTimeout(() => {
      if (lastEventMs >= sinceMs - silenceMs || current !== suspected || !state.open) return;
      logger.warn('The event stream is open but says nothing, opening it anew', { stream: type });
      recycled = true;
      suspected?.abort();
    }, silenceMs).unref();
  }

  function heard(hint: SwarmEvent): void {
    lastEventMs = performance.now();
    options.onEvent(hint);
  }

  /** Without an answer we go on as before: the stream says what is wrong. */
  async function negotiate(): Promise<void> {
    const before = version;
    version = await docker.negotiate().catch(() => version);
    if (version !== undefined && version !== before)
      logger.info(`Using Docker Client API version: ${version}`, { stream: type });
  }

  async function follow(signal: AbortSignal): Promise<void> {
    const stream = new AbortController();
    current = stream;
    await negotiate();
    await docker.follow(type, { onOpen: opened, onEvent: heard }, AbortSignal.any([signal, stream.signal]));
  }

  return {
    state: () => state,
    compared(startedMs, differences) {
      if (!state.open || startedMs < openedMs) return;
      const isFirst = !comparedSinceOpen;
      comparedSinceOpen = true;
      if (differences > 0 && !isFirst) suspect(startedMs);
    },
    async run(signal) {
      while (!signal.aborted) {
        let reason = 'the stream has ended';
        try {
          await follow(signal);
        } catch (error) {
          reason = messageOf(error);
        }
        if (stopped(signal)) return;
        const isNews = state.open || state.reason === 'not opened yet';
        if (isNews) state = { open: false, sinceMs: Date.now(), reason };
        if (!recycled) {
          // Docker may be away for hours; that it still is need not be said every second.
          logger[isNews ? 'error' : 'debug']('Event stream broke', { stream: type, reason });
          options.onBreak();
          await sleep(reconnectMs, signal);
        }
        recycled = false;
      }
    },
  };
}

function stopped(signal: AbortSignal): boolean {
  return signal.aborted;
}
