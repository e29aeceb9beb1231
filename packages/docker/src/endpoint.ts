import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DockerOptions } from 'dockerode';
import type { Environment } from '@docker-flow/daemon/config/environment';
import { InvalidConfigurationError, messageOf } from '@docker-flow/daemon/errors';

export interface DockerEndpoint {
  readonly options: DockerOptions;
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
