import { messageOf } from '@docker-flow/daemon/errors';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import type { Ledger } from '../core/notifications/delivery-ledger.js';
import type { NodeCause, NodeModel, NodeStep } from '../core/services/node-model.js';
import { createKeyedLooks } from './inspect-queue.js';
import { createObservationOrder } from './observation-order.js';
import type { ListenerMetrics } from '../metrics.js';
import type { DeliveryQueue, Docker, SwarmEvent } from '../ports.js';
import { apply } from '../notify/dispatcher.js';
import { createWaker } from './wakeable.js';
import type { EventWatch } from './event-stream.js';

export interface NodeWatchParts {
  readonly docker: Docker;
  readonly model: NodeModel;
  readonly ledger: Ledger;
  readonly queue: DeliveryQueue;
  readonly metrics: () => ListenerMetrics;
  readonly logger: Logger;
  readonly pollingMs: number;
  readonly resyncMs: number;
  /** Tasks have moved: services are to be sent again. */
  readonly onTasksMoved: (cause: 'resend' | 'initialSync') => void;
  readonly onChange: () => void;
  /** Absent when node events are switched off. */
  readonly events: EventWatch | undefined;
}

export interface NodeWatch extends Actor {
  hint(hint: SwarmEvent): void;
  compareSoon(): void;
  hasSynced(): boolean;
}

const LOOKS_AT_ONCE = 4;
const RETRY_MS = 1_000;
/** Node changes within this time cause one resending of services, not one each. */
const GATHER_MS = 500;

/** Everything that makes us look at nodes: events, comparisons, polls. */
export function createNodeWatch(parts: NodeWatchParts): NodeWatch {
  const { docker, model, ledger, queue, metrics, logger } = parts;
  const order = createObservationOrder();
  const waker = createWaker();
  // The first comparison is asked for from outside, when the event stream is open; it is repeated until it works.
  let wanted = false;
  let synced = false;
  let gathering: 'resend' | 'initialSync' | undefined;
  const early = new Set<string>();
  const looks = createKeyedLooks({
    look: (id) => look(id),
    maxAtOnce: LOOKS_AT_ONCE,
    onError: () => metrics().failed('inspectNode'),
    logger,
  });

  function carry(id: string, step: NodeStep, flags: { again?: boolean } = {}): void {
    if (step.tell.kind === 'present') apply(ledger.present(id, step.tell.announcement), queue);
    // Also nodes that only an earlier run of the program has told of.
    else if (step.tell.kind === 'absent') apply(ledger.absent(id, flags), queue);
    if (step.services !== 'nothing') resendSoon(step.services);
    if (step.tell.kind !== 'nothing') parts.onChange();
  }

  function resendSoon(cause: 'resend' | 'initialSync'): void {
    if (gathering === undefined)
      setTimeout(() => {
        const gathered = gathering ?? 'resend';
        gathering = undefined;
        parts.onTasksMoved(gathered);
      }, GATHER_MS).unref();
    if (gathering !== 'initialSync') gathering = cause;
  }

  async function look(id: string): Promise<void> {
    const generation = order.begin();
    try {
      const node = await docker.inspectNode(id);
      if (generation.accept(id)) carry(id, model.observe(id, node, 'event'), { again: true });
    } finally {
      generation.end();
    }
  }

  async function compare(): Promise<void> {
    const generation = order.begin();
    const startedMs = performance.now();
    const eventsWereOpen = parts.events?.state().open ?? false;
    try {
      const nodes = await docker.listNodes();
      const cause: NodeCause = synced ? 'compare' : 'initialSync';
      let differences = 0;
      for (const node of nodes) {
        if (!generation.accept(node.id)) continue;
        const step = model.observe(node.id, node, cause);
        if (step.services !== 'nothing') differences += 1;
        carry(node.id, step);
      }
      const listed = new Set(nodes.map((node) => node.id));
      for (const id of new Set([...model.ids(), ...ledger.known().map((one) => one.id)])) {
        if (listed.has(id) || !generation.accept(id)) continue;
        const step = model.observe(id, undefined, cause);
        if (step.tell.kind === 'absent') differences += 1;
        carry(id, { ...step, tell: { kind: 'absent' } });
      }
      apply(ledger.retryRemovals(), queue);
      const drift = synced && eventsWereOpen ? differences : 0;
      metrics().compared('node', drift, Date.now() / 1000);
      parts.events?.compared(startedMs, drift);
    } finally {
      generation.end();
    }
  }

  async function compareLoop(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      if (!wanted) {
        await waker.wait(signal);
        continue;
      }
      wanted = false;
      try {
        await compare();
        failures = 0;
        synced = true;
        for (const id of early) looks.request(id);
        early.clear();
      } catch (error) {
        metrics().failed('compareNodes');
        failures += 1;
        // Once is enough, until it works again.
        logger[failures === 1 ? 'error' : 'debug']('Nodes could not be compared with Docker', {
          reason: messageOf(error),
        });
        await sleep(RETRY_MS, signal);
        wanted = true;
      }
    }
  }

  function compareSoon(): void {
    wanted = true;
    waker.wake();
  }

  async function every(periodMs: number, signal: AbortSignal): Promise<void> {
    if (periodMs <= 0) return;
    for (;;) {
      await sleep(periodMs, signal);
      if (signal.aborted) return;
      compareSoon();
    }
  }

  return {
    name: 'nodes',
    hint(hint) {
      // Nodes say nothing of use before they have a name.
      if (!hint.removed && hint.name === '') return;
      if (synced) looks.request(hint.id);
      else early.add(hint.id);
    },
    compareSoon,
    hasSynced: () => synced,
    async run(signal) {
      if (parts.pollingMs > 0) logger.info('Polling for Node Changes');
      await Promise.all([
        compareLoop(signal),
        looks.run(signal),
        every(parts.pollingMs, signal),
        every(parts.resyncMs, signal),
      ]);
    },
  };
}
