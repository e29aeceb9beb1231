import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'libsql';
import type { Person } from '../core/person.js';
import { LONGEST_LIST, type People } from '../ports.js';

/**
 * People in an SQLite file. Its library is synchronous; each statement here takes well below a millisecond.
 *
 * @throws {Error} from `prepare` when the file cannot be opened or is no database
 */
export function createSqlitePeople(file: string): People {
  let open: Sqlite.Database | undefined;

  function database(): Sqlite.Database {
    if (!open) throw new Error('prepare() first');
    return open;
  }

  return {
    prepare() {
      return settled(() => {
        mkdirSync(path.dirname(file), { recursive: true });
        const opened = new Sqlite(file);
        try {
          // Several processes may share the file: readers do not wait for writers, writers wait for each other.
          opened.pragma('busy_timeout = 5000');
          opened.pragma('journal_mode = WAL');
          opened.exec('CREATE TABLE IF NOT EXISTS people (name TEXT PRIMARY KEY) WITHOUT ROWID');
        } catch (error) {
          opened.close();
          throw error;
        }
        open?.close();
        open = opened;
      });
    },
    put({ name }) {
      return settled(() => {
        database().prepare('INSERT INTO people (name) VALUES (?) ON CONFLICT DO NOTHING').run(name);
      });
    },
    find(name) {
      return settled(() => {
        const found = database().prepare('SELECT name FROM people WHERE name = ?').get(name);
        return found === undefined ? undefined : { name }; // the row itself also tells how long it took
      });
    },
    list() {
      return settled(
        () =>
          database().prepare('SELECT name FROM people ORDER BY name LIMIT ?').all(LONGEST_LIST) as Person[],
      );
    },
    close() {
      return settled(() => {
        open?.close();
        open = undefined;
      });
    },
  };
}

/** What synchronous work answers or throws, as a promise. */
function settled<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
