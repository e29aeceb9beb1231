import { NotFoundError } from '@docker-flow/daemon/errors';
import type { ServiceView } from '../core/service-view.js';
import { viewTasks, type TaskView } from '../core/task-view.js';
import { DockerError, type Swarm } from '../ports.js';
import type { ServiceList } from './service-list.js';

/** One service of the Swarm, whether it can scale or not. */
export interface ServiceDetail {
  readonly id: string;
  readonly name: string;
  /** As in the list of services; absent for one that cannot scale. */
  readonly scaling: ServiceView | undefined;
  readonly tasks: readonly TaskView[];
}

export interface ServiceDetails {
  /**
   * Asks Docker, unless the same was asked less than a second ago.
   *
   * @throws {NotFoundError} without such a service; {DockerError}
   */
  of(name: string): Promise<ServiceDetail>;
}

export interface ServiceDetailsDeps {
  readonly swarm: Pick<Swarm, 'inspectService' | 'listTaskHistory' | 'nodeNames'>;
  readonly list: Pick<ServiceList, 'refresh' | 'views'>;
  readonly now: () => number;
}

const FRESH_MS = 1_000;
/** Many people may look at a service; no more services than these are looked at within a second. */
const MOST_KEPT = 100;

export function createServiceDetails({ swarm, list, now }: ServiceDetailsDeps): ServiceDetails {
  const kept = new Map<string, { readonly atMs: number; readonly detail: Promise<ServiceDetail> }>();

  async function ask(name: string): Promise<ServiceDetail> {
    const service = await swarm.inspectService(name).catch((error: unknown) => {
      if (error instanceof DockerError && error.dockerStatus === 404)
        throw new NotFoundError('There is no such service');
      throw error;
    });
    const [tasks, names] = await Promise.all([
      swarm.listTaskHistory(service.id),
      swarm.nodeNames(),
      list.refresh(),
    ]);
    return {
      id: service.id,
      name: service.name,
      scaling: list.views().find(({ id }) => id === service.id),
      tasks: viewTasks(tasks, names),
    };
  }

  return {
    of(name) {
      const known = kept.get(name);
      if (known && now() - known.atMs < FRESH_MS) return known.detail;
      const detail = ask(name);
      // A failure is for those who wait for it, not for the next one.
      detail.catch(() => kept.delete(name));
      kept.delete(name);
      kept.set(name, { atMs: now(), detail });
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEPT) break;
        kept.delete(oldest);
      }
      return detail;
    },
  };
}
