import type { Person } from './core/person.js';

/** The people in the database. */
export interface People {
  /** Makes the tables when they lack. Called before anything else; may be called again after a failure. */
  prepare(): Promise<void>;
  /** Remembers somebody; nothing changes when they are known already. */
  put(person: Person): Promise<void>;
  find(name: string): Promise<Person | undefined>;
  /** By name in the order of UTF-8 bytes, at most {@link LONGEST_LIST}. */
  list(): Promise<readonly Person[]>;
  close(): Promise<void>;
}

export const LONGEST_LIST = 10_000;
