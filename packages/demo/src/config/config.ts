import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  duration,
  listenAddress,
  logLevel,
  optionalText,
  readEnvironment,
  text,
  variable,
  type Environment,
  type ListenAddress,
  type LogLevel,
} from '@docker-flow/daemon/config/environment';
import { createProblemList } from '@docker-flow/daemon/config/problem-list';
import { withSecrets } from '@docker-flow/daemon/config/secrets';
import { withoutQuotedValues } from '@docker-flow/daemon/config/unquote';
import { fileRoot } from '@docker-flow/daemon/files/file-root';
import { readDatabase, type Database } from '../core/database.js';
import { readErrorShare } from '../core/random-error.js';

export interface Config {
  readonly listen: ListenAddress;
  readonly logLevel: LogLevel;
  /** Texts that must never be printed. */
  readonly secrets: readonly string[];
  /** The metric label `service` of all response times. */
  readonly serviceName: string;
  readonly database: Database;
  /** How long to wait between two requests to oneself; 0 is never. */
  readonly pingIntervalMs: number;
  /** What every answer says in the header `Version`; absent: nothing. */
  readonly shownVersion: string | undefined;
  /** The share of the answers to `/demo/hello` that fail, from 0 to 1. */
  readonly errorShare: number;
  /** What stands in the environment and is not read as it is written. */
  readonly warnings: readonly string[];
}

/** Every variable there is. `databaseFile` is the SQLite file to use when `DB` says nothing. */
export function environmentShape(databaseFile: string) {
  return {
    DF_LISTEN_ADDRESS: listenAddress(),
    LOG_LEVEL: logLevel(),
    SERVICE_NAME: text('go-demo'),
    DB: variable((value) => readDatabase(value === undefined || value === '' ? databaseFile : value)),
    PING_INTERVAL: duration(1_000),
    VERSION: optionalText(),
    ERROR_SHARE: variable((value) => readErrorShare(value)),
  };
}

/**
 * Reads the environment and the Swarm secret of `DB`.
 *
 * @throws {InvalidConfigurationError} with all problems at once
 */
export function readConfig(environment: Environment): Config {
  const problems = createProblemList();
  const inside = fileRoot(environment['DF_FS_ROOT']);
  const shape = environmentShape(inside(path.join(tmpdir(), 'docker-flow-demo.sqlite')));
  const { environment: unquoted, warnings } = withoutQuotedValues(environment, Object.keys(shape));
  const given = problems.attempt(() => withSecrets(unquoted, { names: ['DB'] })) ?? unquoted;
  const read = problems.attempt(() => readEnvironment(shape, given));
  if (!read || problems.isAny()) throw problems.error();
  return {
    listen: read.DF_LISTEN_ADDRESS,
    logLevel: read.LOG_LEVEL,
    secrets: secretsOf(read.DB),
    serviceName: read.SERVICE_NAME,
    database: read.DB,
    pingIntervalMs: read.PING_INTERVAL,
    shownVersion: read.VERSION,
    errorShare: read.ERROR_SHARE,
    warnings,
  };
}

function secretsOf(database: Database): readonly string[] {
  if (database.kind === 'sqlite') return [];
  const { password } = new URL(database.url);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}
