import { readFileSync } from 'node:fs';
import type { Environment } from '@docker-flow/daemon/config/environment';
import { InvalidConfigurationError, messageOf } from '@docker-flow/daemon/errors';
import { createAwsBackend } from './aws.js';
import type { NodesConfig } from '../config/config.js';
import { parseEnvFile } from '../core/env-file.js';
import type { NodeBackend } from '../ports.js';

export interface NodeBackendOptions {
  readonly config: NodesConfig;
  readonly environment: Environment;
  /** Puts variables of the AWS file where the SDK looks for them; those that are set already stay. */
  readonly setVariables: (variables: Readonly<Record<string, string>>) => void;
  readonly onError: (call: string) => void;
}

/**
 * The backend that `NODE_SCALER_BACKEND` names; `undefined` when it names none.
 *
 * @throws {InvalidConfigurationError} saying why node scaling cannot be had
 */
export async function createNodeBackend(options: NodeBackendOptions): Promise<NodeBackend | undefined> {
  const { config, environment, setVariables, onError } = options;
  if (config.backend === '') return undefined;
  if (config.backend !== 'aws') {
    throw new InvalidConfigurationError(
      `NODE_SCALER_BACKEND=${JSON.stringify(config.backend)} is not known; expected aws or nothing`,
    );
  }
  const fromFile = { ...readAwsFile(config.awsEnvFile), ...config.credentials };
  const isSet = (name: string) => environment[name] !== undefined;
  const added = Object.fromEntries(Object.entries(fromFile).filter(([name]) => !isSet(name)));
  setVariables(added);
  const all: Environment = { ...added, ...environment };
  return createAwsBackend({
    region: ['AWS_REGION', 'AWS_DEFAULT_REGION'].map((name) => all[name]).find(Boolean) ?? 'us-east-1',
    groups: { manager: groupName('AWS_MANAGER_ASG', all), worker: groupName('AWS_WORKER_ASG', all) },
    onError,
  });
}

function readAwsFile(file: string): Readonly<Record<string, string>> {
  if (file === '') return {};
  try {
    return parseEnvFile(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InvalidConfigurationError(
      `AWS_ENV_FILE=${JSON.stringify(file)} cannot be read: ${messageOf(error)}`,
    );
  }
}

function groupName(variable: string, environment: Environment): string {
  const name = environment[variable];
  if (name !== undefined && name !== '') return name;
  throw new InvalidConfigurationError(`${variable} is not set; expected the name of an auto scaling group`);
}
