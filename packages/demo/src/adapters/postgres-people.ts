import pg from 'pg';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Person } from '../core/person.js';
import { LONGEST_LIST, type People } from '../ports.js';

const TIME_LIMIT_MS = 3_000;
const CONNECTIONS = 5;

/** Codes of PostgreSQL (manual, appendix A). */
const UNDEFINED_TABLE = '42P01';
const DUPLICATE_TABLE = '42P07';
const UNIQUE_VIOLATION = '23505';

/** People in a PostgreSQL server. Every call fails within three seconds when the server does not answer. */
export function createPostgresPeople(url: string, logger: Logger): People {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: TIME_LIMIT_MS,
    query_timeout: TIME_LIMIT_MS,
    application_name: 'docker-flow-demo',
  });
  // A connection that waits in the pool when the server goes away; without a handler it would end the process.
  pool.on('error', (error) => logger.warn('Lost a connection to the database', { err: error }));

  async function prepare(): Promise<void> {
    try {
      await pool.query('CREATE TABLE IF NOT EXISTS people (name text COLLATE "C" PRIMARY KEY)');
    } catch (error) {
      // Of two replicas that make the table at the same moment the server refuses one.
      if (![UNIQUE_VIOLATION, DUPLICATE_TABLE].includes(codeOf(error))) throw error;
    }
  }

  /** A database task that moved to another node without its volume comes back empty: make the table again. */
  async function query(sql: string, values: readonly unknown[]): Promise<Person[]> {
    try {
      return (await pool.query<Person>(sql, [...values])).rows;
    } catch (error) {
      if (codeOf(error) !== UNDEFINED_TABLE) throw error;
      await prepare();
      return (await pool.query<Person>(sql, [...values])).rows;
    }
  }

  return {
    prepare,
    async put({ name }) {
      await query('INSERT INTO people (name) VALUES ($1) ON CONFLICT DO NOTHING', [name]);
    },
    async find(name) {
      return (await query('SELECT name FROM people WHERE name = $1', [name]))[0];
    },
    list() {
      return query('SELECT name FROM people ORDER BY name LIMIT $1', [LONGEST_LIST]);
    },
    async close() {
      await pool.end();
    },
  };
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
