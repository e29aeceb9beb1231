import {
  readEnvironment,
  type Environment,
  type ListenAddress,
  type LogLevel,
} from '@docker-flow/daemon/config/environment';
import { createProblemList } from '@docker-flow/daemon/config/problem-list';
import { withoutQuotedValues } from '@docker-flow/daemon/config/unquote';
import { parseDockerEndpoint, type DockerEndpoint } from '@docker-flow/docker/endpoint';
import { environmentShape } from './environment.js';

export interface Config {
  readonly listen: ListenAddress;
  readonly logLevel: LogLevel;
  readonly docker: DockerEndpoint;
  /** The variable of containers in which the scaler writes the date of rescheduling. */
  readonly rescheduleKey: string;
  /** What stands in the environment and is not read as it is written. */
  readonly warnings: readonly string[];
}

const VARIABLES = [...Object.keys(environmentShape), 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'];

/** @throws {InvalidConfigurationError} with all problems at once */
export function readConfig(given: Environment): Config {
  const { environment, warnings } = withoutQuotedValues(given, VARIABLES);
  const problems = createProblemList();
  const read = problems.attempt(() => readEnvironment(environmentShape, environment));
  const docker = read && problems.attempt(() => parseDockerEndpoint(read.DOCKER_HOST, environment));
  if (!read || !docker || problems.isAny()) throw problems.error();
  return {
    listen: read.DF_LISTEN_ADDRESS,
    logLevel: read.LOG_LEVEL,
    docker,
    rescheduleKey: read.RESCHEDULE_ENV_KEY,
    warnings,
  };
}
