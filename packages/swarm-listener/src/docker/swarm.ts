import { systemClock, type Clock } from '@docker-flow/daemon/concurrency/clock';
import { createSingleFlightCache } from '@docker-flow/daemon/concurrency/single-flight-cache';
import { messageOf } from '@docker-flow/daemon/errors';
import { DockerError } from '@docker-flow/docker/docker-error';
import { isOfInterest, type NotifyLabel } from '../core/services/interest.js';
import type { Docker, DockerHealth, LabelWatch, Swarm, TaskQuery } from '../ports.js';

export interface SwarmDeps {
  readonly docker: Docker;
  readonly notify: NotifyLabel;
  readonly labels: Pick<LabelWatch, 'seen' | 'listed' | 'gone'>;
  readonly clock?: Clock;
}

/**
 * Docker as the program uses it. Here, and nowhere else, it is decided which services are of interest, noted how calls
 * went, and shared what is expensive: whoever looks for changes asks for all tasks every few seconds anyway, and who
 * answers `get-services` need not ask again unless something has happened since.
 */
export function createSwarm({ docker, notify, labels: watch, clock = systemClock }: SwarmDeps): Swarm {
  let health: DockerHealth = { answering: false, reason: undefined };

  async function noted<T>(call: Promise<T>): Promise<T> {
    try {
      const value = await call;
      health = { answering: true, reason: undefined };
      return value;
    } catch (error) {
      const status = error instanceof DockerError ? error.dockerStatus : undefined;
      // A refusal of one question is an answer; 5xx and silence are not.
      const isAnswer = status !== undefined && status < 500;
      if (!isAnswer) health = { answering: false, reason: messageOf(error) };
      throw error;
    }
  }

  const allServing = createSingleFlightCache(() => noted(docker.listTasks({ which: 'serving' })), clock);
  const isAllServing = ({ which, serviceIds }: TaskQuery) => which === 'serving' && serviceIds === undefined;

  return {
    async listServices() {
      const services = await noted(docker.listServices());
      watch.listed(services);
      return services.filter(({ labels }) => isOfInterest(labels, notify));
    },
    async inspectService(id) {
      const service = await noted(docker.inspectService(id));
      if (service) watch.seen(service);
      else watch.gone(id);
      return service && isOfInterest(service.labels, notify) ? service : undefined;
    },
    listTasks: (query) => (isAllServing(query) ? allServing.refresh() : noted(docker.listTasks(query))),
    listRecentTasks: (query) => (isAllServing(query) ? allServing.get() : noted(docker.listTasks(query))),
    listNodes: () => noted(docker.listNodes()),
    inspectNode: (id) => noted(docker.inspectNode(id)),
    follow: (type, handlers, signal) => docker.follow(type, handlers, signal),
    followLocalTasks: (onService, signal) => docker.followLocalTasks(onService, signal),
    invalidate: () => allServing.invalidate(),
    health: () => health,
  };
}
