import { messageOf } from '@docker-flow/daemon/errors';
import { compareBytes } from '@docker-flow/labels';
import { addReplicaPoint, type ReplicaPoint } from '../core/replica-series.js';
import { buildServiceView, type ServiceView } from '../core/service-view.js';
import type { ScalingConfig } from '../config/config.js';
import type { ScalerMetrics } from '../metrics.js';
import type { Swarm, SwarmService } from '../ports.js';
import { hasScalingLabel, readServicePolicy } from './service-policy.js';
import type { IssueLog } from './issue-log.js';
import type { State } from '../state/state.js';

/** The services that can scale, as they were when last looked at, and their replicas over time. */
export interface ServiceList {
  /** Asks Docker, unless it was asked less than a second ago. @throws {DockerError} when the services cannot be listed */
  refresh(): Promise<readonly SwarmService[]>;
  views(): readonly ServiceView[];
  series(): Readonly<Record<string, readonly ReplicaPoint[]>>;
  onRefresh(listener: (services: readonly SwarmService[]) => void): void;
  /** Listing failed; the cached list is stale. */
  onFailure(listener: (reason: string) => void): void;
}

export interface ServiceListDeps {
  readonly swarm: Swarm;
  readonly state: State;
  readonly metrics: ScalerMetrics;
  readonly config: ScalingConfig;
  readonly issues: IssueLog;
  readonly now: () => number;
}

const FRESH_MS = 1_000;

export function createServiceList(deps: ServiceListDeps): ServiceList {
  const { swarm, state, metrics, config, now } = deps;
  const series = new Map<string, readonly ReplicaPoint[]>();
  const listeners: ((services: readonly SwarmService[]) => void)[] = [];
  const failureListeners: ((reason: string) => void)[] = [];
  let scalable: readonly SwarmService[] = [];
  let refreshedAtMs = -Infinity;
  let running: Promise<readonly SwarmService[]> | undefined;

  function canScale(service: SwarmService): boolean {
    if (service.mode !== 'replicated' || service.replicas === undefined) return false;
    return hasScalingLabel(service, config) || state.memoryOf(service.id)?.lastChange !== undefined;
  }

  async function list(): Promise<readonly SwarmService[]> {
    const askedAtMs = now();
    const all = await swarm.listServices();
    const atMs = now();
    scalable = all.filter(canScale).sort((a, b) => compareBytes(a.name, b.name));
    refreshedAtMs = atMs;
    for (const { name, replicas = 0, runningTasks } of scalable) {
      series.set(
        name,
        addReplicaPoint(series.get(name) ?? [], { atMs, wanted: replicas, running: runningTasks }),
      );
      metrics.replicas(name, { wanted: replicas, running: runningTasks });
    }
    for (const service of scalable) deps.issues.told(service.name, readServicePolicy(service, config).issues);
    dropRemoved(all, askedAtMs);
    for (const listener of listeners) listener(scalable);
    return scalable;
  }

  function dropRemoved(all: readonly SwarmService[], askedAtMs: number): void {
    const names = new Set(all.map(({ name }) => name));
    const ids = new Set(all.map(({ id }) => id));
    for (const name of series.keys()) {
      if (names.has(name)) continue;
      series.delete(name);
      deps.issues.forget(name);
      metrics.removeService(name);
    }
    for (const { id, lastChange } of state.memories()) {
      // A service that was created and scaled while Docker answered is not in the list yet.
      if (!ids.has(id) && (lastChange?.atMs ?? 0) < askedAtMs) state.forget(id);
    }
  }

  return {
    refresh() {
      if (now() - refreshedAtMs < FRESH_MS) return Promise.resolve(scalable);
      running ??= list()
        .catch((error: unknown) => {
          for (const listener of failureListeners) listener(messageOf(error));
          throw error;
        })
        .finally(() => (running = undefined));
      return running;
    },
    views: () =>
      scalable.map((service) =>
        buildServiceView(
          { ...service, replicas: service.replicas ?? 0 },
          readServicePolicy(service, config),
          state.memoryOf(service.id),
          now(),
        ),
      ),
    series: () => Object.fromEntries(series),
    onRefresh(listener) {
      listeners.push(listener);
    },
    onFailure(listener) {
      failureListeners.push(listener);
    },
  };
}
