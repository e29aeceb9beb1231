import { backoff } from '@docker-flow/daemon/concurrency/backoff';
import { systemClock, type Clock } from '@docker-flow/daemon/concurrency/clock';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Observe } from '../core/services/observation.js';
import type { ServiceModel } from '../core/services/service-model.js';
import type { ListenerMetrics } from '../metrics.js';
import type { LabelWatch, Swarm } from '../ports.js';
import type { ObservationOrder } from './observation-order.js';
import type { ServiceObserver } from './observe-service.js';
import { listTasksAndNodes } from './task-snapshot.js';

export interface PollTasksDeps {
  readonly swarm: Swarm;
  readonly observationOf: Observe;
  readonly model: ServiceModel;
  readonly order: ObservationOrder;
  readonly observe: ServiceObserver;
  readonly labels: Pick<LabelWatch, 'tasksSeen'>;
  readonly metrics: Pick<ListenerMetrics, 'failed'>;
  readonly logger: Logger;
  readonly clock?: Clock;
}

export interface PollTasksOptions {
  /** The longest pause; a small cluster is looked at more often. */
  readonly maxPauseMs: number;
}

const MIN_PAUSE_MS = 300;
/** Before the next look after one that failed; doubled each time, up to the longest pause. */
const RETRY_MS = 1_000;
/** Looking takes about this part of the time, as long as the longest pause allows it. */
const SHARE = 0.015;

/**
 * Docker sends no events when tasks start, stop or move. So the tasks of all services with node information
 * are looked at again and again, as often as it is cheap; a service that has changed is then looked at
 * quickly until it settles.
 */
export async function pollTasks(
  deps: PollTasksDeps,
  { maxPauseMs }: PollTasksOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock = systemClock } = deps;
  const retries = backoff({ firstMs: RETRY_MS, maxMs: maxPauseMs });
  let usualMs = MIN_PAUSE_MS;
  let pauseMs = usualMs;
  let failures = 0;
  for (;;) {
    await clock.sleep(pauseMs, signal);
    if (signal.aborted) return;
    const startedMs = clock.nowMs();
    try {
      await pollOnce(deps);
      retries.reset();
      failures = 0;
      // One look that was slow by chance must not put off the next for long.
      const fairMs = Math.min((clock.nowMs() - startedMs) / SHARE, 2 * usualMs);
      usualMs = Math.min(maxPauseMs, Math.max(MIN_PAUSE_MS, fairMs));
      pauseMs = usualMs;
    } catch (error) {
      deps.metrics.failed('pollTasks');
      failures += 1;
      // Once is enough, until it works again.
      deps.logger[failures === 1 ? 'warn' : 'debug']('Tasks could not be listed', {
        reason: messageOf(error),
      });
      pauseMs = retries.next();
    }
  }
}

/** @throws {UpstreamError} */
async function pollOnce({
  swarm,
  observationOf,
  model,
  order,
  observe,
  labels,
}: PollTasksDeps): Promise<void> {
  const ids = [...model.ids()].filter((id) => model.hasNodeInfo(id));
  if (ids.length === 0) return;
  const generation = order.begin();
  try {
    const snapshot = await listTasksAndNodes(swarm, ids);
    for (const id of ids) {
      const service = model.service(id);
      if (!service || model.isWaiting(id)) continue;
      const observation = observationOf(service, snapshot);
      const { nodeInfo } = observation;
      labels.tasksSeen(observation);
      if (nodeInfo.value === model.nodeInfo(id)) continue;
      observe(id, { service, nodeInfo }, { cause: 'compare', generation, tasksOnly: true });
    }
  } finally {
    generation.end();
  }
}
