import { UpstreamError, messageOf } from '@docker-flow/daemon/errors';
import type { Docker } from '../ports.js';

export interface DockerHealth {
  readonly answering: boolean;
  readonly reason: string | undefined;
}

/** The same Docker, and whether the last call to it went well. */
export function watchHealth(docker: Docker): {
  readonly docker: Docker;
  readonly health: () => DockerHealth;
} {
  let health: DockerHealth = { answering: false, reason: undefined };

  async function noted<T>(call: Promise<T>): Promise<T> {
    try {
      const value = await call;
      health = { answering: true, reason: undefined };
      return value;
    } catch (error) {
      const status = error instanceof UpstreamError ? error.details : undefined;
      // A refusal of one question is an answer; 5xx and silence are not.
      const isAnswer = typeof status === 'number' && status < 500;
      if (!isAnswer) health = { answering: false, reason: messageOf(error) };
      throw error;
    }
  }

  return {
    health: () => health,
    docker: {
      ...docker,
      negotiate: () => noted(docker.negotiate()),
      listServices: () => noted(docker.listServices()),
      inspectService: (id) => noted(docker.inspectService(id)),
      listTasks: (query) => noted(docker.listTasks(query)),
      listNodes: () => noted(docker.listNodes()),
      inspectNode: (id) => noted(docker.inspectNode(id)),
    },
  };
}
