import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import { hasNodeInfo } from '../core/services/node-info.js';
import type { ServiceModel, ServiceRules } from '../core/services/service-model.js';
import type { SwarmService } from '../core/services/swarm-objects.js';
import type { ObservationOrder, Generation } from './observation-order.js';
import type { ListenerMetrics } from '../metrics.js';
import type { Docker } from '../ports.js';
import type { Dispatcher } from '../notify/dispatcher.js';
import { createWaker } from './wakeable.js';
import { listTasksOf, nodesById, observationOf, type TaskSnapshot } from './task-snapshot.js';

export interface ConvergingServicesDeps {
  readonly docker: Docker;
  readonly rules: ServiceRules;
  readonly model: ServiceModel;
  readonly dispatcher: Dispatcher;
  readonly order: ObservationOrder;
  readonly metrics: () => ListenerMetrics;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

/** Services whose tasks are changing: looked at several times a second until they have settled. */
export interface ConvergingServices {
  /** Something has happened to this service. Nothing to do unless its tasks matter. */
  watch(id: string): void;
  /** Like `watch`, for one that is perhaps watched already. */
  keep(id: string): void;
  size(): number;
  run(signal: AbortSignal): Promise<void>;
}

const TICK_MS = 200;
/** So long after its last change a service is still looked at quickly. */
const SETTLED_MS = 30_000;
/** The pause grows to this part of the time since the last change, so a wait without end costs little … */
const PATIENCE = 0.01;
/** … and no longer than this. */
const MAX_PAUSE_MS = 5_000;
/** Looking takes no more than this part of the time. */
const MAX_SHARE = 0.25;
/** With more services than this one list is cheaper than looking at each. */
const MAX_SINGLE_LOOKS = 20;

interface Watched {
  changedMs: number;
  nextMs: number;
}

export function createConvergingServices(parts: ConvergingServicesDeps): ConvergingServices {
  const { docker, rules, model, dispatcher, order, logger, nowMs } = parts;
  const watched = new Map<string, Watched>();
  const waker = createWaker();

  function matters(id: string): boolean {
    return model.isWaiting(id) || model.hasNodeInfo(id);
  }

  function watch(id: string): void {
    if (!matters(id)) {
      watched.delete(id);
      return;
    }
    const now = nowMs();
    watched.set(id, { changedMs: now, nextMs: now + TICK_MS });
    waker.wake();
  }

  /** The services to look at now. */
  function due(now: number): readonly string[] {
    return [...watched].flatMap(([id, { nextMs }]) => (nextMs <= now ? [id] : []));
  }

  async function currentServices(ids: readonly string[]): Promise<(id: string) => SwarmService | undefined> {
    if (ids.length > MAX_SINGLE_LOOKS) {
      const all = new Map((await docker.listServices()).map((service) => [service.id, service]));
      return (id) => all.get(id);
    }
    const found = new Map(
      await Promise.all(ids.map(async (id) => [id, await docker.inspectService(id)] as const)),
    );
    return (id) => found.get(id);
  }

  async function tick(ids: readonly string[], generation: Generation): Promise<void> {
    const waiting = ids.filter((id) => model.isWaiting(id));
    const waited = new Set(waiting);
    const informed = ids.filter((id) => model.hasNodeInfo(id));
    const [serviceOf, newestOf, servingOf, nodes] = await Promise.all([
      currentServices(waiting),
      listTasksOf(docker, waiting, 'newest'),
      listTasksOf(docker, informed, 'serving'),
      docker.listNodes().then(nodesById),
    ]);
    const taskSnapshot: TaskSnapshot = { tasksOf: servingOf, nodes };
    for (const id of ids) {
      const isWaiting = waited.has(id);
      const service = isWaiting ? serviceOf(id) : model.service(id);
      if (!service && !isWaiting) watched.delete(id);
      else if (isWaiting ? generation.accept(id) : generation.canAccept(id)) {
        const tasks = { upToDate: newestOf(id), nodes };
        update(id, service, taskSnapshot, isWaiting ? tasks : undefined);
      }
    }
  }

  function update(
    id: string,
    service: SwarmService | undefined,
    taskSnapshot: TaskSnapshot,
    waitedFor: Parameters<ServiceModel['observeWaiting']>[2] | undefined,
  ): void {
    const now = nowMs();
    const before = fingerprint(id);
    if (!service) dispatcher.dispatch(model.observe(id, undefined, 'compare', now));
    else {
      const { nodeInfo } = observationOf(service, taskSnapshot, rules.nodeInfo);
      const observation = hasNodeInfo(service, rules.nodeInfo) ? { service, nodeInfo } : { service };
      if (waitedFor) dispatcher.dispatch(model.observeWaiting(id, observation, waitedFor, now));
      else dispatcher.dispatch(model.observe(id, observation, 'compare', now));
    }
    const entry = watched.get(id);
    if (!entry) return;
    if (fingerprint(id) !== before) entry.changedMs = now;
    const ageMs = now - entry.changedMs;
    if (!matters(id) || (!model.isWaiting(id) && ageMs > SETTLED_MS)) watched.delete(id);
    else entry.nextMs = now + Math.min(MAX_PAUSE_MS, Math.max(TICK_MS, ageMs * PATIENCE));
  }

  function fingerprint(id: string): string {
    return `${String(model.isWaiting(id))} ${model.nodeInfo(id) ?? ''}`;
  }

  return {
    watch,
    keep(id) {
      if (!watched.has(id)) watch(id);
    },
    size: () => watched.size,
    async run(signal) {
      while (!signal.aborted) {
        const now = nowMs();
        const ids = due(now);
        if (ids.length === 0) {
          const nextMs = Math.min(...[...watched.values()].map((one) => one.nextMs));
          await waker.wait(signal, Number.isFinite(nextMs) ? Math.max(1, nextMs - now) : undefined);
          continue;
        }
        const generation = order.begin();
        try {
          await tick(ids, generation);
        } catch (error) {
          parts.metrics().failed('pollTasks');
          logger.warn('Tasks could not be looked at', { reason: messageOf(error) });
          await sleep(MAX_PAUSE_MS / 5, signal);
        } finally {
          generation.end();
        }
        const tookMs = nowMs() - now;
        await sleep(Math.max(10, tookMs / MAX_SHARE - tookMs), signal);
      }
    },
  };
}
