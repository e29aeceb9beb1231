import { InvalidConfigurationError } from '@docker-flow/daemon/errors';
import { connectDocker, type DockerConnection } from '@docker-flow/docker/connection';
import { DockerError } from '@docker-flow/docker/docker-error';
import { parseDockerEndpoint } from '@docker-flow/docker/endpoint';
import { LABELLED_LIST, createListReader, filterQuery } from '@docker-flow/docker/list-reader';
import { readService } from '@docker-flow/docker/objects/read-service';
import type { SwarmService } from '@docker-flow/docker/objects/swarm-objects';
import { CannotRunError } from '../exit-status.js';
import { bareService, bareStack } from '../programs/bare-service.js';
import type { Stack, StackService } from '../stack/stack.js';

/** What runs of a stack, as if it stood in a file. */
export type ReadRunningStack = (name: string) => Promise<Stack>;

type Environment = Readonly<Record<string, string | undefined>>;

const SOCKET = 'unix:///var/run/docker.sock';
const LIMITS = { silenceMs: 10_000, answerMs: 60_000 };
const OF_STACK = 'com.docker.stack.';

/**
 * Asks the Docker engine of `DOCKER_HOST`, else the one behind the socket.
 *
 * @throws {CannotRunError} when `DOCKER_HOST` is no address
 */
export function askDocker(environment: Environment): ReadRunningStack {
  return readingFrom(() => {
    const host = environment['DOCKER_HOST'];
    const endpoint = parseDockerEndpoint(host === undefined || host === '' ? SOCKET : host, environment);
    return connectDocker(endpoint, LIMITS);
  });
}

function readingFrom(connect: () => DockerConnection): ReadRunningStack {
  return async (name) => {
    try {
      const readers = createListReader(connect(), { path: '/services', read: readService, ...LABELLED_LIST });
      const services = await readers(filterQuery({ label: [`${OF_STACK}namespace=${name}`] }));
      const sorted = [...services].sort((a, b) => (a.name < b.name ? -1 : 1));
      return bareStack(
        name,
        sorted.map((service) => stackService(name, service)),
      );
    } catch (error) {
      if (error instanceof DockerError || error instanceof InvalidConfigurationError)
        throw new CannotRunError(error.message);
      throw error;
    }
  };
}

/** A service under the name that it has in its file. */
function stackService(stack: string, { name, labels, mode, replicas, image }: SwarmService): StackService {
  const bare = bareService(name.startsWith(`${stack}_`) ? name.slice(stack.length + 1) : name);
  const { place } = bare;
  const form = 'mapping' as const;
  return {
    ...bare,
    image,
    labels: Object.entries(labels)
      .filter(([label]) => !label.startsWith(OF_STACK))
      .map(([label, value]) => ({
        name: label,
        value,
        written: value,
        unset: [],
        place,
        valuePlace: place,
        form,
      })),
    mode: mode === 'other' ? 'replicated-job' : mode,
    ...(replicas === undefined ? {} : { replicas: { value: String(replicas), place } }),
  };
}
