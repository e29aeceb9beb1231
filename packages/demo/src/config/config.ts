import {
  duration,
  listenAddress,
  logLevel,
  readEnvironment,
  text,
  variable,
  type Environment,
  type ListenAddress,
  type LogLevel,
} from '@docker-flow/daemon/config/environment';
import { readDatabase, type Database } from '../core/database.js';

export interface Config {
  readonly listen: ListenAddress;
  readonly logLevel: LogLevel;
  /** The metric label `service` of all response times. */
  readonly serviceName: string;
  readonly database: Database;
  /** How long to wait between two requests to oneself; 0 is never. */
  readonly pingIntervalMs: number;
}

/** Every variable there is. `databaseFile` is the SQLite file to use when `DB` says nothing. */
export function environmentShape(databaseFile: string) {
  return {
    DF_LISTEN_ADDRESS: listenAddress(),
    LOG_LEVEL: logLevel(),
    SERVICE_NAME: text('go-demo'),
    DB: variable((value) => readDatabase(value === undefined || value === '' ? databaseFile : value)),
    PING_INTERVAL: duration(1_000),
  };
}

/** `databaseFile` is the SQLite file to use when `DB` says nothing. */
export function readConfig(environment: Environment, databaseFile: string): Config {
  const read = readEnvironment(environmentShape(databaseFile), environment);
  return {
    listen: read.DF_LISTEN_ADDRESS,
    logLevel: read.LOG_LEVEL,
    serviceName: read.SERVICE_NAME,
    database: read.DB,
    pingIntervalMs: read.PING_INTERVAL,
  };
}
