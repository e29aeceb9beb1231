import Docker from 'dockerode';
import { chooseApiVersion, type DockerEndpoint } from './endpoint.js';
import { UpstreamError, messageOf } from '@docker-flow/daemon/errors';

export interface DockerConnection {
  readonly docker: Docker;
  readonly description: string;
  /**
   * Asks the engine which API it speaks and uses that from now on (never more than we know). Call it at
   * start and after each reconnect.
   *
   * @throws {UpstreamError} when the engine does not answer; calls then go without a version, which every engine accepts
   */
  negotiate(): Promise<string>;
}

/** A dockerode client for an endpoint. `timeoutMs` bounds each call's silence; a manager without quorum hangs 20 s. */
export function connectDocker(
  endpoint: DockerEndpoint,
  { timeoutMs }: { timeoutMs?: number } = {},
): DockerConnection {
  const docker = new Docker({
    ...endpoint.options,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
  return {
    docker,
    description: endpoint.description,
    async negotiate() {
      const version = await askApiVersion(docker, endpoint);
      (docker.modem as { version?: string }).version = `v${version}`;
      return version;
    },
  };
}

async function askApiVersion(docker: Docker, endpoint: DockerEndpoint): Promise<string> {
  try {
    const answer: unknown = await docker.version();
    const version = chooseApiVersion((answer as { ApiVersion?: unknown }).ApiVersion);
    if (version === undefined) throw new Error('no API version in the answer');
    return version;
  } catch (error) {
    throw new UpstreamError(`Docker at ${endpoint.description} does not answer: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
