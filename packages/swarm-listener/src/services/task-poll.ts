import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/logger';
import { sleep } from '@docker-flow/daemon/retry';
import type { ServiceModel, ServiceRules } from '../core/service-model.js';
import type { SwarmNode, SwarmTask } from '../core/service.js';
import type { LookOrder } from '../look-order.js';
import type { ListenerMetrics } from '../metrics.js';
import type { Docker } from '../ports.js';
import type { Teller } from '../tell.js';
import { gatherFacts, sightOf } from './facts.js';
import type { Flux } from './flux.js';

export interface TaskPollParts {
  readonly docker: Docker;
  readonly rules: ServiceRules;
  readonly model: ServiceModel;
  readonly teller: Teller;
  readonly order: LookOrder;
  readonly flux: Flux;
  readonly metrics: () => ListenerMetrics;
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** The longest pause; a small cluster is looked at more often. */
  readonly maxPauseMs: number;
}

const MIN_PAUSE_MS = 300;
/** Looking takes about this part of the time, as long as the longest pause allows it. */
const SHARE = 0.015;

/**
 * Docker sends no events when tasks start, stop or move. So the tasks of all services with node information
 * are looked at again and again, as often as it is cheap; a service that has changed is then looked at
 * quickly until it settles.
 */
export async function pollTasks(parts: TaskPollParts, signal: AbortSignal): Promise<void> {
  let pauseMs = MIN_PAUSE_MS;
  const last: LastSeen = { nodes: [], services: new Map() };
  for (;;) {
    await sleep(pauseMs, signal);
    if (signal.aborted) return;
    const startedMs = parts.nowMs();
    try {
      await pollOnce(parts, last);
      // One look that was slow by chance must not put off the next for long.
      const fairMs = Math.min((parts.nowMs() - startedMs) / SHARE, 2 * pauseMs);
      pauseMs = Math.min(parts.maxPauseMs, Math.max(MIN_PAUSE_MS, fairMs));
    } catch (error) {
      parts.metrics().failed('pollTasks');
      parts.logger.warn('Tasks could not be listed', { reason: messageOf(error) });
      pauseMs = parts.maxPauseMs;
    }
  }
}

/** What the last poll saw, of nodes and of each service. */
interface LastSeen {
  nodes: readonly SwarmNode[];
  readonly services: Map<
    string,
    { readonly tasks: readonly SwarmTask[]; readonly nodeInfo: string | undefined }
  >;
}

/** @throws {UpstreamError} */
async function pollOnce(
  { docker, rules, model, teller, order, flux, nowMs }: TaskPollParts,
  last: LastSeen,
): Promise<void> {
  const ids = [...model.ids()].filter((id) => model.hasNodeInfo(id));
  if (ids.length === 0) return;
  const turn = order.begin();
  try {
    const facts = await gatherFacts(docker, ids);
    const nodes = [...facts.nodes.values()];
    const sameNodes = sameItems(nodes, last.nodes);
    last.nodes = nodes;
    for (const id of ids) {
      const service = model.service(id);
      if (!service || model.isWaiting(id)) continue;
      // What has not changed comes as the same object, so that it need not be looked at closely.
      const tasks = facts.tasksOf(id);
      const seen = last.services.get(id);
      const told = model.nodeInfo(id);
      if (sameNodes && seen && seen.nodeInfo === told && sameItems(tasks, seen.tasks)) continue;
      const { nodeInfo } = sightOf(service, facts, rules.nodeInfo);
      if (nodeInfo.value !== told) {
        if (!turn.allows(id)) continue;
        teller.tell(model.observe(id, { service, nodeInfo }, 'compare', nowMs()));
        flux.watch(id);
      }
      last.services.set(id, { tasks, nodeInfo: nodeInfo.value });
    }
    for (const id of last.services.keys()) if (!model.hasNodeInfo(id)) last.services.delete(id);
  } finally {
    turn.end();
  }
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
