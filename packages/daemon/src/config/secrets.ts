import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from './environment.js';
import { messageOf } from '../errors.js';
import { invalidEnvironment } from './problem-list.js';

export interface SecretRules {
  /** Variables that may hold something secret. */
  readonly names: readonly string[];
  /** Where Swarm puts secrets. A file with the variable's name in small letters is used when it exists. */
  readonly directory?: string;
  /** Variables that protect something: an empty file must not mean that there is nothing to protect. */
  readonly protecting?: readonly string[];
  /** Whether Swarm secrets are looked at as well (default), or only `<NAME>_FILE`. */
  readonly swarmSecrets?: boolean;
}

/**
 * The environment with the content of `<NAME>_FILE`, or of the Swarm secret of that name, laid in.
 * White space at the end of a file is cut. A variable that is set itself wins over the Swarm secret.
 *
 * @throws {InvalidConfigurationError} when a named file cannot be read, both `<NAME>` and `<NAME>_FILE` are set, or
 * the file of a protecting variable is empty
 */
export function withSecrets(
  environment: Environment,
  { names, protecting = [], directory = '/run/secrets', swarmSecrets = true }: SecretRules,
): Environment {
  const result: Record<string, string | undefined> = { ...environment };
  const problems: string[] = [];
  for (const name of names) {
    const file = environment[`${name}_FILE`];
    let content: string | undefined;
    if (file !== undefined && file !== '') {
      if (environment[name]) problems.push(`${name} and ${name}_FILE are both set; expected one of them`);
      try {
        content = readFileSync(file, 'utf8').trimEnd();
      } catch (error) {
        problems.push(`${name}_FILE=${JSON.stringify(file)} cannot be read: ${messageOf(error)}`);
      }
    } else if (swarmSecrets && !environment[name]) {
      content = readSecretFile(path.join(directory, name.toLowerCase()));
    }
    if (content === '' && protecting.includes(name))
      problems.push(`${name}: the file or Swarm secret is empty; expected the value, or no such file`);
    result[name] = content ?? environment[name];
  }
  if (problems.length > 0) throw invalidEnvironment(problems);
  return result;
}

/** The content of a secret without white space at its end; `undefined` when there is no such file. */
export function readSecretFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch {
    return undefined;
  }
}
