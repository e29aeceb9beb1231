import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import type { ServiceModel } from '../core/services/service-model.js';
import type { ObservationOrder } from './observation-order.js';
import type { ListenerMetrics } from '../metrics.js';
import type { Docker } from '../ports.js';
import type { Dispatcher } from '../notify/dispatcher.js';
import { listTasksAndNodes, type Observations } from './task-snapshot.js';
import type { ConvergingServices } from './converging-services.js';

export interface TaskPollParts {
  readonly docker: Docker;
  readonly observations: Observations;
  readonly model: ServiceModel;
  readonly dispatcher: Dispatcher;
  readonly order: ObservationOrder;
  readonly converging: ConvergingServices;
  readonly metrics: () => ListenerMetrics;
  readonly logger: Logger;
  readonly nowMs: () => number;
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
export async function pollTasks(parts: TaskPollParts, signal: AbortSignal): Promise<void> {
  let pauseMs = MIN_PAUSE_MS;
  let failures = 0;
  for (;;) {
    const retryMs = RETRY_MS * 2 ** (failures - 1);
    await sleep(failures === 0 ? pauseMs : Math.min(parts.maxPauseMs, retryMs), signal);
    if (signal.aborted) return;
    const startedMs = parts.nowMs();
    try {
      await pollOnce(parts);
      failures = 0;
      // One look that was slow by chance must not put off the next for long.
      const fairMs = Math.min((parts.nowMs() - startedMs) / SHARE, 2 * pauseMs);
      pauseMs = Math.min(parts.maxPauseMs, Math.max(MIN_PAUSE_MS, fairMs));
    } catch (error) {
      parts.metrics().failed('pollTasks');
      parts.logger.warn('Tasks could not be listed', { reason: messageOf(error) });
      failures += 1;
    }
  }
}

/** @throws {UpstreamError} */
async function pollOnce({
  docker,
  observations,
  model,
  dispatcher,
  order,
  converging,
  nowMs,
}: TaskPollParts): Promise<void> {
  const ids = [...model.ids()].filter((id) => model.hasNodeInfo(id));
  if (ids.length === 0) return;
  const generation = order.begin();
  try {
    const taskSnapshot = await listTasksAndNodes(docker, ids);
    for (const id of ids) {
      const service = model.service(id);
      if (!service || model.isWaiting(id)) continue;
      const { nodeInfo } = observations(service, taskSnapshot);
      if (nodeInfo.value === model.nodeInfo(id) || !generation.canAccept(id)) continue;
      dispatcher.dispatch(model.observe(id, { service, nodeInfo }, 'compare', nowMs()));
      converging.watch(id);
    }
  } finally {
    generation.end();
  }
}
