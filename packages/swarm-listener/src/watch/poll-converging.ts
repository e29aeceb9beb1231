import { systemClock, type Clock } from '@docker-flow/daemon/concurrency/clock';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { hasNodeInfo, type NodeInfoMode } from '../core/services/node-info.js';
import { observationOf } from '../core/services/observation.js';
import type { ServiceModel } from '../core/services/service-model.js';
import type { SwarmService } from '../core/services/swarm-objects.js';
import type { ListenerMetrics } from '../metrics.js';
import type { Swarm } from '../ports.js';
import type { ConvergingServices } from './converging-services.js';
import type { Generation, ObservationOrder } from './observation-order.js';
import type { ServiceObserver } from './observe-service.js';
import { listTasksOf, nodesById } from './task-snapshot.js';

export interface PollConvergingDeps {
  readonly swarm: Swarm;
  readonly nodeInfo: NodeInfoMode;
  readonly model: ServiceModel;
  readonly converging: ConvergingServices;
  readonly order: ObservationOrder;
  readonly observe: ServiceObserver;
  readonly metrics: Pick<ListenerMetrics, 'failed'>;
  readonly logger: Logger;
  readonly clock?: Clock;
}

const RETRY_MS = 1_000;
/** Looking takes no more than this part of the time, as long as the longest pause allows it. */
const MAX_SHARE = 0.25;
const MIN_PAUSE_MS = 10;
/** One look that was slow by chance must not put off the next for long: nobody else looks at services that wait. */
const MAX_PAUSE_MS = 5_000;
/** With more services than this one list is cheaper than looking at each. */
const MAX_SINGLE_INSPECTIONS = 20;

/** Looks at converging services whenever they are due. */
export async function pollConverging(deps: PollConvergingDeps, signal: AbortSignal): Promise<void> {
  const { converging, order, metrics, logger, clock = systemClock } = deps;
  let failures = 0;

  /** Answers the pause until the next look. */
  async function poll(ids: readonly string[]): Promise<number> {
    const startedMs = clock.nowMs();
    const generation = order.begin();
    try {
      await pollOnce(deps, ids, generation);
      failures = 0;
    } catch (error) {
      metrics.failed('pollTasks');
      failures += 1;
      // Once is enough, until it works again.
      logger[failures === 1 ? 'warn' : 'debug']('Tasks could not be looked at', { reason: messageOf(error) });
      // However long it took: that one call hung says nothing about the next.
      return RETRY_MS;
    } finally {
      generation.end();
    }
    const tookMs = clock.nowMs() - startedMs;
    return Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, tookMs / MAX_SHARE - tookMs));
  }

  for (;;) {
    const ids = await converging.due(signal);
    if (signal.aborted) return;
    await clock.sleep(await poll(ids), signal);
  }
}

/** @throws {UpstreamError} */
async function pollOnce(
  { swarm, nodeInfo: mode, model, converging, observe }: PollConvergingDeps,
  ids: readonly string[],
  generation: Generation,
): Promise<void> {
  const waiting = new Set(ids.filter((id) => model.isWaiting(id)));
  const informed = new Set(ids.filter((id) => model.hasNodeInfo(id)));
  const list: Swarm['listTasks'] = (query) => swarm.listTasks(query);
  const [serviceOf, newestOf, servingOf, nodes] = await Promise.all([
    currentServices(swarm, [...waiting]),
    listTasksOf(list, [...waiting], 'newest'),
    listTasksOf(list, [...informed], 'serving'),
    swarm.listNodes().then(nodesById),
  ]);
  for (const id of ids) {
    const isWaiting = waiting.has(id);
    const service = isWaiting ? serviceOf(id) : model.service(id);
    const isInformed = informed.has(id) && service !== undefined && hasNodeInfo(service, mode);
    const observation = service && {
      service,
      ...(isInformed && { nodeInfo: observationOf(service, { tasksOf: servingOf, nodes }, mode).nodeInfo }),
      ...(isWaiting && { newestTasks: { tasks: newestOf(id), nodes } }),
    };
    // One that is gone is told by whoever has seen it go.
    if (observation || isWaiting)
      observe(id, observation, { cause: 'compare', generation, tasksOnly: !isWaiting });
    converging.postpone(id);
  }
}

async function currentServices(
  swarm: Swarm,
  ids: readonly string[],
): Promise<(id: string) => SwarmService | undefined> {
  if (ids.length > MAX_SINGLE_INSPECTIONS) {
    const all = new Map((await swarm.listServices()).map((service) => [service.id, service]));
    return (id) => all.get(id);
  }
  const found = new Map(
    await Promise.all(ids.map(async (id) => [id, await swarm.inspectService(id)] as const)),
  );
  return (id) => found.get(id);
}
