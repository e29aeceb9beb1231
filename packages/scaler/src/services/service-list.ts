import { messageOf } from '@docker-flow/daemon/errors';
import { compareBytes, LABEL_PREFIX } from '@docker-flow/labels';
import { addReplicaPoint, type ReplicaPoint } from '../core/replica-series.js';
import type { TargetView } from '../core/autoscaling/look/target-view.js';
import { buildServiceView, type ServiceView } from '../core/service-view.js';
import type { ScalingConfig } from '../config/config.js';
import type { ScalerMetrics } from '../metrics.js';
import type { Swarm, SwarmService } from '../ports.js';
import { hasScalingLabel, readServicePolicy, type ServicePolicy } from './service-policy.js';
import type { IssueLog } from './issue-log.js';
import type { State } from '../state/state.js';

/** The services that can scale, as they were when last looked at, and their replicas over time. */
export interface ServiceList {
  /** Asks Docker, unless it was asked less than a second ago. @throws {DockerError} when the services cannot be listed */
  refresh(): Promise<readonly SwarmService[]>;
  views(): readonly ServiceView[];
  /** What the labels of a service say. */
  policyOf(service: SwarmService): ServicePolicy;
  series(): Readonly<Record<string, readonly ReplicaPoint[]>>;
  /** Tasks of these services and of all others that are announced (`com.df.notify`). */
  counts(): Readonly<Record<string, TaskCount>>;
  onRefresh(listener: (services: readonly SwarmService[]) => void): void;
  /** Listing failed; the cached list is stale. */
  onFailure(listener: (reason: string) => void): void;
}

/** How many tasks a service has. */
export interface TaskCount {
  /** Absent where Swarm decides: one on each node, or a job. */
  readonly wanted: number | undefined;
  /** Absent where Docker does not count them. */
  readonly running: number | undefined;
}

export interface ServiceListDeps {
  readonly swarm: Swarm;
  readonly state: State;
  readonly metrics: ScalerMetrics;
  readonly config: ScalingConfig;
  readonly issues: IssueLog;
  /** What scaling on targets has to show of a service. */
  readonly targetOf: (id: string) => TargetView | undefined;
  readonly now: () => number;
}

const FRESH_MS = 1_000;
const NOTIFY = `${LABEL_PREFIX}notify`;

export function createServiceList(deps: ServiceListDeps): ServiceList {
  const { swarm, state, metrics, config, now } = deps;
  const policies = new Map<string, { readonly version: number; readonly policy: ServicePolicy }>();
  const listeners: ((services: readonly SwarmService[]) => void)[] = [];
  const failureListeners: ((reason: string) => void)[] = [];
  let scalable: readonly SwarmService[] = [];
  let announced: readonly SwarmService[] = [];
  let refreshedAtMs = -Infinity;
  let running: Promise<readonly SwarmService[]> | undefined;

  /** Labels are read anew only when the service has changed. */
  function policyOf(service: SwarmService): ServicePolicy {
    const known = policies.get(service.id);
    if (known?.version === service.version) return known.policy;
    const policy = readServicePolicy(service, config);
    policies.set(service.id, { version: service.version, policy });
    return policy;
  }

  function canScale(service: SwarmService): boolean {
    if (service.mode !== 'replicated' || service.replicas === undefined) return false;
    return hasScalingLabel(service, config) || state.memoryOf(service.id)?.lastChange !== undefined;
  }

  async function list(): Promise<readonly SwarmService[]> {
    const askedAtMs = now();
    const all = await swarm.listServices();
    const atMs = now();
    scalable = all.filter(canScale).sort((a, b) => compareBytes(a.name, b.name));
    announced = all.filter(({ labels }) => labels[NOTIFY] === 'true');
    refreshedAtMs = atMs;
    for (const { name, replicas = 0, runningTasks } of scalable) {
      const point = { atMs, wanted: replicas, running: runningTasks };
      state.rememberSeries(name, addReplicaPoint(state.seriesOf(name), point));
      metrics.replicas(name, { wanted: replicas, running: runningTasks });
    }
    for (const service of scalable) deps.issues.told(service.name, policyOf(service).issues);
    dropRemoved(all, askedAtMs);
    for (const listener of listeners) listener(scalable);
    return scalable;
  }

  function dropRemoved(all: readonly SwarmService[], askedAtMs: number): void {
    const names = new Set(all.map(({ name }) => name));
    const ids = new Set(all.map(({ id }) => id));
    for (const name of state.seriesNames()) {
      if (names.has(name)) continue;
      state.forgetSeries(name);
      deps.issues.forget(name);
      metrics.removeService(name);
    }
    for (const id of policies.keys()) if (!ids.has(id)) policies.delete(id);
    for (const id of state.targetIds()) if (!ids.has(id)) state.forgetTarget(id);
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
    policyOf,
    views: () =>
      scalable.map((service) =>
        buildServiceView(
          { ...service, replicas: service.replicas ?? 0 },
          policyOf(service),
          state.memoryOf(service.id),
          deps.targetOf(service.id),
          now(),
        ),
      ),
    counts: () =>
      Object.fromEntries(
        [...announced, ...scalable].map(({ name, replicas, runningTasks }) => [
          name,
          { wanted: replicas, running: runningTasks },
        ]),
      ),
    series: () => Object.fromEntries(scalable.map(({ name }) => [name, state.seriesOf(name)])),
    onRefresh(listener) {
      listeners.push(listener);
    },
    onFailure(listener) {
      failureListeners.push(listener);
    },
  };
}
