import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Database } from '../core/database.js';
import type { People } from '../ports.js';
import { createPostgresPeople } from './postgres-people.js';
import { createSqlitePeople } from './sqlite-people.js';

export function createPeople(database: Database, logger: Logger): People {
  return database.kind === 'sqlite'
    ? createSqlitePeople(database.file)
    : createPostgresPeople(database.url, logger);
}
