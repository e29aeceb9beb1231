import { readFileSync } from 'node:fs';
import path from 'node:path';
import Docker from 'dockerode';
import type { Environment } from './environment.js';
import { InvalidConfigurationError, UpstreamError, messageOf } from './errors.js';

/** The highest API version whose answers this code has been written for; engines answer older ones too. */
const NEWEST_API = [1, 51] as const;

export interface DockerEndpoint {
  readonly options: Docker.DockerOptions;
  /** For messages: without credentials. */
  readonly description: string;
}

/**
 * `unix://path`, `tcp://host:port`, `http://…` or `https://…`. With `DOCKER_TLS_VERIFY` set, tcp speaks
 * TLS with the certificates in `DOCKER_CERT_PATH` (`ca.pem`, `cert.pem`, `key.pem`), like the Docker client.
 *
 * @throws {InvalidConfigurationError} when the text is no such address or a certificate cannot be read
 */
export function parseDockerEndpoint(text: string, environment: Environment = {}): DockerEndpoint {
  const unix = /^unix:\/\/(.+)$/.exec(text);
  if (unix?.[1]) return { options: { socketPath: unix[1] }, description: text };
  const match = /^(tcp|http|https):\/\/(?:\[([^\]]+)\]|([^:/[\]\s]+))(?::([0-9]{1,5}))?\/?$/.exec(text);
  const host = match?.[2] ?? match?.[3];
  if (!match || host === undefined) {
    throw new InvalidConfigurationError(
      `The Docker endpoint ${JSON.stringify(text)} cannot be read; expected unix:///path or tcp://host:port`,
    );
  }
  const tls = match[1] === 'https' || (match[1] === 'tcp' && Boolean(environment['DOCKER_TLS_VERIFY']));
  const port = match[4] ?? (tls ? '2376' : '2375');
  return {
    options: { host, port, protocol: tls ? 'https' : 'http', ...(tls ? certificates(environment) : {}) },
    description: `${tls ? 'https' : 'http'}://${host}:${port}`,
  };
}

function certificates(environment: Environment): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  const directory = environment['DOCKER_CERT_PATH'];
  if (!directory) return {};
  try {
    const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) =>
      readFileSync(path.join(directory, name)),
    );
    return { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
  } catch (error) {
    throw new InvalidConfigurationError(`DOCKER_CERT_PATH=${JSON.stringify(directory)}: ${messageOf(error)}`);
  }
}

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
    const offered = /^([0-9]+)\.([0-9]+)$/.exec(String((answer as { ApiVersion?: unknown }).ApiVersion));
    if (!offered) throw new Error('no API version in the answer');
    const [major, minor] = [Number(offered[1]), Number(offered[2])];
    const newer = major > NEWEST_API[0] || (major === NEWEST_API[0] && minor > NEWEST_API[1]);
    return newer ? NEWEST_API.join('.') : `${major}.${minor}`;
  } catch (error) {
    throw new UpstreamError(`Docker at ${endpoint.description} does not answer: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
