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

export function createConvergence(list: ServiceList, state: State, now: () => number): Convergence {
  const pending = new Map<string, ChangedService>();
  list.onRefresh((views) => {
    for (const { name, replicas, runningTasks } of views) {
      const change = pending.get(name);
      if (change === undefined) continue;
      const isDone = replicas === change.to && runningTasks === change.to;
      if (isDone) state.converged(change.activityId, now() - change.atMs);
      if (isDone || replicas !== change.to || now() - change.atMs > LONGEST_MS) pending.delete(name);
    }
    for (const [name, change] of pending) if (now() - change.atMs > LONGEST_MS) pending.delete(name);
  });
  return {
    follow(change) {
      pending.set(change.service, change);
    },
    isPending: () => pending.size > 0,
  };
}
