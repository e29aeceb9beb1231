import { parsed, unreadable, type Parsed } from '@docker-flow/labels';

/** Where people are kept: a file of this process's own, or a server that all replicas share. */
export type Database =
  { readonly kind: 'sqlite'; readonly file: string } | { readonly kind: 'postgres'; readonly url: string };

const EXPECTED = 'postgres://user:password@host/database, or the absolute path of a file';

/** Reads the variable `DB`: a PostgreSQL URL or the absolute path of an SQLite file. */
export function readDatabase(text: string): Parsed<Database> {
  if (text.startsWith('/')) return parsed({ kind: 'sqlite', file: text });
  if (!/^postgres(ql)?:\/\//.test(text)) return unreadable('is not a database', EXPECTED);
  return URL.canParse(text)
    ? parsed({ kind: 'postgres', url: text })
    : unreadable('is not a PostgreSQL URL', EXPECTED);
}

/** The database as a log may show it. */
export function describeDatabase(database: Database): string {
  if (database.kind === 'sqlite') return `SQLite file ${database.file}`;
  const { host, pathname } = new URL(database.url);
  return `PostgreSQL ${host}${pathname}`;
}
