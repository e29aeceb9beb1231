import pg from 'pg';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Person } from '../core/person.js';
import { LONGEST_LIST, type People } from '../ports.js';

const TIME_LIMIT_MS = 3_000;
const CONNECTIONS = 5;

/** Codes of PostgreSQL (manual, appendix A). */
const UNDEFINED_TABLE = '42P01';

/**
 * "IF NOT EXISTS" looks and makes in two steps, so of two replicas that start together the server refuses one with
 * whatever it met first: the table, its type, or a row of the catalogue. The lock lets them in one by one. Statements
 * of one message are one transaction, and the lock ends with it. The number is ours alone: the letters "dfpp".
 */
const MAKE_TABLE = `
  SELECT pg_advisory_xact_lock(1684435056);
  CREATE TABLE IF NOT EXISTS people (name text COLLATE "C" PRIMARY KEY);`;

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
    await pool.query(MAKE_TABLE);
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
