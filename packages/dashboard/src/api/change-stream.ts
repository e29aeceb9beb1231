import { createEventStream, type EventStream, type SentEvent } from '@docker-flow/daemon/http/event-stream';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Request, Response } from 'express';
import type { Change, Document } from '../core/changes/document.js';

/** Open pages hear of each change once, also across a broken connection. */
export interface ChangeStream {
  /**
   * Keeps the answer open. A page that has seen something (`Last-Event-ID`, or `since` in the query) is told the
   * difference, every other the whole.
   */
  connect(request: Request, response: Response, since: string | undefined): void;
  send(change: Change): void;
  size(): number;
  readonly actor: Actor;
}

export interface ChangeStreamOptions {
  readonly document: Pick<Document, 'since' | 'whole'>;
  /** Tells the states of this run from those of another. */
  readonly run: string;
  readonly now: () => number;
  readonly onOpen: () => void;
  readonly heartbeatMs?: number;
}

const RETRY_MS = 1_000;
const MOST_CLIENTS = 200;
/** Pages notice, too, that nothing comes. */
const HEARTBEAT_MS = 10_000;
/** The whole of thousands of services is some megabytes. */
const MOST_WAITING_BYTES = 8_000_000;

/** The stream of changes of the document. */
export function createChangeStream(options: ChangeStreamOptions): ChangeStream {
  const { document, run, now, onOpen, heartbeatMs = HEARTBEAT_MS } = options;
  const events: EventStream = createEventStream({
    retryMs: RETRY_MS,
    mostClients: MOST_CLIENTS,
    mostWaitingBytes: MOST_WAITING_BYTES,
    heartbeatMs,
    heartbeat,
  });

  function eventOf(event: 'whole' | 'change', { id, set, gone }: Change): SentEvent {
    return { event, id: `${run}-${id}`, data: { atMs: now(), set, gone } };
  }

  function heartbeat(): SentEvent {
    return { event: 'heartbeat', data: { atMs: now() } };
  }

  /** What a page that has seen `since` has to hear now. */
  function greeting(since: string | undefined): SentEvent {
    const [, seenRun, seen] = /^([a-z0-9]+)-([0-9]{1,15})$/.exec(since ?? '') ?? [];
    const difference = seenRun === run ? document.since(Number(seen)) : undefined;
    return difference === undefined ? eventOf('whole', document.whole()) : eventOf('change', difference);
  }

  return {
    connect(request, response, since) {
      const first = [greeting(request.get('last-event-id') ?? since), heartbeat()];
      if (events.connect(request, response, first)) onOpen();
    },
    send: (change) => events.send(eventOf('change', change)),
    size: () => events.size(),
    actor: events.actor,
  };
}
