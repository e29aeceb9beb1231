import type { SwarmTask } from '../core/services/swarm-objects.js';
import type { Docker } from '../ports.js';
import { createSingleFlightCache } from './single-flight-cache.js';

export interface SharedTasks {
  /** Docker, asked each time. */
  readonly docker: Docker;
  /** The same for those who can do with a list of all tasks that another has asked for a little earlier. */
  readonly recent: Docker;
  /** Something has happened: earlier lists are old. */
  invalidate(): void;
}

/**
 * Ten thousand tasks are the dearest thing there is to ask for. Those who look for changes ask for them every few
 * seconds anyway; who answers `get-services` need not ask again, unless something has happened since.
 */
export function shareTasks(docker: Docker, nowMs: () => number): SharedTasks {
  const all = createSingleFlightCache(() => docker.listTasks({ which: 'serving' }), nowMs);
  const through = (list: () => Promise<readonly SwarmTask[]>): Docker => ({
    ...docker,
    listTasks: (query) =>
      query.which === 'serving' && query.serviceIds === undefined ? list() : docker.listTasks(query),
  });
  return {
    docker: through(() => all.refresh()),
    recent: through(() => all.get()),
    invalidate: () => all.invalidate(),
  };
}
