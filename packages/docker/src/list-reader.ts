import type { DockerConnection, ListLimits, Query } from './connection.js';
import { createListDecoder } from './list-decoder.js';

export interface ListReaderOptions<T> extends ListLimits {
  readonly path: string;
  readonly read: (raw: unknown) => T;
}

/**
 * Reads one kind of list again and again; objects that have not changed since the last time are the very same values.
 * Lists of everything want a reader of their own: lists of a few would make it forget the others.
 *
 * @throws {DockerError}
 */
export function createListReader<T extends { readonly id: string }>(
  connection: DockerConnection,
  { path, read, ...limits }: ListReaderOptions<T>,
): (query: Query) => Promise<readonly T[]> {
  const decoder = createListDecoder(read);
  return async (query) => {
    const result: T[] = [];
    const run = decoder.begin();
    await connection.readList(path, query, limits, (bytes) => result.push(run.decode(bytes)));
    run.end();
    return result;
  };
}

const MEBIBYTE = 1024 * 1024;

/** Labels of services and nodes are kept; ten thousand services of 5 KB each are within it. */
export const LABELLED_LIST: ListLimits = { maxBytes: 64 * MEBIBYTE };
/** Of a task of 3 KB a tenth is kept. */
export const TASK_LIST: ListLimits = { maxBytes: 256 * MEBIBYTE };

/** The filters of a list as Docker takes them; no filter at all when there are none. */
export function filterQuery(filters: Readonly<Record<string, readonly string[]>>): Query {
  return Object.keys(filters).length === 0 ? {} : { filters: JSON.stringify(filters) };
}
