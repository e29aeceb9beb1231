import type { ChangedService } from '../ports.js';
import type { ServiceList } from '../services/service-list.js';
import type { State } from '../state/state.js';

/** Follows changed services until as many tasks run as are wanted, and notes how long that took. */
export interface Convergence {
  follow(change: ChangedService): void;
  isPending(): boolean;
}

/** After that the activity stays without the time: the tasks cannot start, and Docker says why. */
const LONGEST_MS = 5 * 60_000;

/** So long Swarm may take to place a task before anybody is told. */
const PLACED_WITHIN_MS = 10_000;

export interface ConvergenceDeps {
  readonly list: ServiceList;
  readonly state: State;
  readonly now: () => number;
  /** Called once for a change whose tasks have not all started after a while. */
  readonly onSlow: (change: ChangedService, serviceId: string) => void;
}

export function createConvergence({ list, state, now, onSlow }: ConvergenceDeps): Convergence {
  const pending = new Map<string, ChangedService>();
  const slow = new Set<string>();
  list.onRefresh((views) => {
    for (const { id, name, replicas, runningTasks } of views) {
      const change = pending.get(name);
      if (change === undefined) continue;
      const isDone = replicas === change.to && runningTasks === change.to;
      if (isDone) state.converged(change.activityId, now() - change.atMs);
      if (!isDone && now() - change.atMs > PLACED_WITHIN_MS && !slow.has(change.activityId)) {
        slow.add(change.activityId);
        onSlow(change, id);
      }
      if (isDone || replicas !== change.to || now() - change.atMs > LONGEST_MS) pending.delete(name);
    }
    for (const [name, change] of pending) if (now() - change.atMs > LONGEST_MS) pending.delete(name);
    if (pending.size === 0) slow.clear();
  });
  return {
    follow(change) {
      pending.set(change.service, change);
    },
    isPending: () => pending.size > 0,
  };
}
