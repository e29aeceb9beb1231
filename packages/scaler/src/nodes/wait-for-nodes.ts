import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { untilAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { RescheduleConfig } from '../config/config.js';
import type { Alert } from '../core/alert.js';
import {
  WAIT_REPLACED,
  WAIT_STOPPED,
  describeWaitEnd,
  describeWaitStart,
  describeWaitTimeout,
  describeWaiting,
  isWaitOver,
  type NodeWait,
} from '../core/node-text.js';
import type { AlertSink, NodeRole, Swarm } from '../ports.js';

export interface NodeWaiterDeps {
  readonly swarm: Swarm;
  readonly alerts: AlertSink;
  readonly config: RescheduleConfig;
  /** Reschedules all labelled services with the time of the wait's beginning. */
  readonly reschedule: (atMs: number) => Promise<string>;
  readonly logger: Logger;
  readonly now: () => number;
  readonly onPending: (isPending: boolean) => void;
}

/** The one wait for nodes there can be: a newer one replaces it. */
export interface NodeWaiter {
  pending(): (NodeWait & { readonly sinceMs: number }) | undefined;
  start(wait: NodeWait & { readonly role: NodeRole }): void;
  /** Ends a pending wait with its alert when the program ends. */
  readonly actor: Actor;
}

type End = 'replaced' | 'stopped';

interface Running {
  readonly wait: NodeWait & { readonly sinceMs: number };
  readonly end: (why: End) => void;
  readonly ended: Promise<void>;
}

export function createNodeWaiter(deps: NodeWaiterDeps): NodeWaiter {
  let running: Running | undefined;

  function start(wait: NodeWait & { readonly role: NodeRole }): void {
    running?.end('replaced');
    const controller = new AbortController();
    const ended = waitForNodes(wait, deps, controller.signal, report).then((end) => {
      report(end);
      if (running?.ended !== ended) return;
      running = undefined;
      deps.onPending(false);
    });
    running = {
      wait: { ...wait, sinceMs: deps.now() },
      end: (why) => controller.abort(why),
      ended,
    };
    deps.onPending(true);
  }

  function report(alert: WaitAlert): void {
    deps.alerts.send({ ...alert, service: 'reschedule' });
    deps.logger.info('scale-nodes-reschedule', { status: alert.status, summary: alert.summary });
  }

  return {
    pending: () => running?.wait,
    start,
    actor: {
      name: 'node-wait',
      async run(signal) {
        await untilAborted(signal);
        running?.end('stopped');
        await running?.ended;
      },
    },
  };
}

type WaitAlert = Omit<Alert, 'service'>;

/** Reports how the wait goes; answers how it ends. */
async function waitForNodes(
  wait: NodeWait & { readonly role: NodeRole },
  deps: NodeWaiterDeps,
  cancelled: AbortSignal,
  report: (alert: WaitAlert) => void,
): Promise<WaitAlert> {
  const { config, now } = deps;
  const beganMs = now();
  report({
    name: 'scale_nodes',
    status: 'pending',
    request: 'Wait to reschedule',
    summary: describeWaitStart(wait),
  });
  for (let waitedMs = config.intervalMs; waitedMs <= config.timeoutMs; waitedMs += config.intervalMs) {
    if (await isCancelledBefore(beganMs + waitedMs, cancelled, now)) return cancellation(cancelled);
    report({
      name: 'reschedule_service',
      status: 'pending',
      request: 'Waiting for nodes to scale',
      summary: describeWaiting(wait, waitedMs),
    });
    if (!(await areNodesReady(wait, deps))) continue;
    if (await isCancelledBefore(0, cancelled, now)) return cancellation(cancelled);
    try {
      const text = describeWaitEnd(wait, await deps.reschedule(beganMs));
      return { name: 'reschedule_service', status: 'success', request: text, summary: text };
    } catch (error) {
      return failure(messageOf(error));
    }
  }
  if (await isCancelledBefore(beganMs + config.timeoutMs, cancelled, now)) return cancellation(cancelled);
  return failure(describeWaitTimeout(wait, config.timeoutMs));
}

async function isCancelledBefore(atMs: number, cancelled: AbortSignal, now: () => number): Promise<boolean> {
  await sleep(Math.max(0, atMs - now()), cancelled);
  return cancelled.aborted;
}

function failure(summary: string): WaitAlert {
  return { name: 'reschedule_service', status: 'error', request: 'Waiting for nodes to scale', summary };
}

function cancellation({ reason }: AbortSignal): WaitAlert {
  return reason === 'stopped'
    ? failure(WAIT_STOPPED)
    : { name: 'reschedule_service', status: 'success', request: WAIT_REPLACED, summary: WAIT_REPLACED };
}

/** One count that fails does not end the wait. */
async function areNodesReady(
  wait: NodeWait & { readonly role: NodeRole },
  { swarm, logger }: NodeWaiterDeps,
): Promise<boolean> {
  try {
    return isWaitOver(wait, await swarm.countReadyNodes(wait.role));
  } catch (error) {
    logger.warn('Nodes cannot be counted, trying again', { reason: messageOf(error) });
    return false;
  }
}
