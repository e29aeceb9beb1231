import { messageOf } from '@docker-flow/daemon/errors';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import type { Ledger } from '../core/notifications/delivery-ledger.js';
import type { NodeCause, NodeModel, NodeStep } from '../core/services/node-model.js';
import { createKeyedLooks } from './inspect-queue.js';
import { createLookOrder } from './observation-order.js';
import type { ListenerMetrics } from '../metrics.js';
import type { Courier, Docker, SwarmHint } from '../ports.js';
import { carryOut } from '../notify/dispatch.js';
import { createWaker } from './wakeable.js';
import type { EventWatch } from './event-stream.js';

export interface NodeWatchParts {
  readonly docker: Docker;
  readonly model: NodeModel;
  readonly ledger: Ledger;
  readonly courier: Courier;
  readonly metrics: () => ListenerMetrics;
  readonly logger: Logger;
  readonly pollingMs: number;
  readonly resyncMs: number;
  /** Tasks have moved: services are to be sent again. */
  readonly onTasksMoved: (cause: 'resend' | 'sweep') => void;
  readonly onChange: () => void;
  /** Absent when node events are switched off. */
  readonly events: EventWatch | undefined;
}

export interface NodeWatch extends Actor {
  hint(hint: SwarmHint): void;
  compareSoon(): void;
  sweptOnce(): boolean;
}

const LOOKS_AT_ONCE = 4;
const RETRY_MS = 1_000;
/** Node changes within this time cause one resending of services, not one each. */
const GATHER_MS = 500;

/** Everything that makes us look at nodes: events, comparisons, polls. */
export function createNodeWatch(parts: NodeWatchParts): NodeWatch {
  const { docker, model, ledger, courier, metrics, logger } = parts;
  const order = createLookOrder();
  const waker = createWaker();
  // The first comparison is asked for from outside, when the event stream is open; it is repeated until it works.
  let wanted = false;
  let swept = false;
  let gathering: 'resend' | 'sweep' | undefined;
  const early = new Set<string>();
  const looks = createKeyedLooks({
    look: (id) => look(id),
    maxAtOnce: LOOKS_AT_ONCE,
    onError: () => metrics().failed('lookAtNode'),
    logger,
  });

  function carry(id: string, step: NodeStep, flags: { again?: boolean } = {}): void {
    if (step.tell.kind === 'present') carryOut(ledger.present(id, step.tell.announcement), courier);
    // Also nodes that only an earlier run of the program has told of.
    else if (step.tell.kind === 'absent') carryOut(ledger.absent(id, flags), courier);
    if (step.services !== 'nothing') resendSoon(step.services);
    if (step.tell.kind !== 'nothing') parts.onChange();
  }

  function resendSoon(cause: 'resend' | 'sweep'): void {
    if (gathering === undefined)
      setTimeout(() => {
        const gathered = gathering ?? 'resend';
        gathering = undefined;
        parts.onTasksMoved(gathered);
      }, GATHER_MS).unref();
    if (gathering !== 'sweep') gathering = cause;
  }

  async function look(id: string): Promise<void> {
    const turn = order.begin();
    try {
      const node = await docker.inspectNode(id);
      if (turn.claim(id)) carry(id, model.observe(id, node, 'event'), { again: true });
    } finally {
      turn.end();
    }
  }

  async function compare(): Promise<void> {
    const turn = order.begin();
    const startedMs = performance.now();
    const eventsWereOpen = parts.events?.state().open ?? false;
    try {
      const nodes = await docker.listNodes();
      const cause: NodeCause = swept ? 'compare' : 'start';
      let differences = 0;
      for (const node of nodes) {
        if (!turn.claim(node.id)) continue;
        const step = model.observe(node.id, node, cause);
        if (step.services !== 'nothing') differences += 1;
        carry(node.id, step);
      }
      const listed = new Set(nodes.map((node) => node.id));
      for (const id of new Set([...model.ids(), ...ledger.known().map((one) => one.id)])) {
        if (listed.has(id) || !turn.claim(id)) continue;
        const step = model.observe(id, undefined, cause);
        if (step.tell.kind === 'absent') differences += 1;
        carry(id, { ...step, tell: { kind: 'absent' } });
      }
      carryOut(ledger.retryRemovals(), courier);
      const drift = swept && eventsWereOpen ? differences : 0;
      metrics().compared('node', drift, Date.now() / 1000);
      parts.events?.compared(startedMs, drift);
    } finally {
      turn.end();
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
        swept = true;
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
      if (swept) looks.request(hint.id);
      else early.add(hint.id);
    },
    compareSoon,
    sweptOnce: () => swept,
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
