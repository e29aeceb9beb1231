import { hash } from 'node:crypto';

/** The text is no list in the form Docker writes; read it whole instead. */
export class UnusualListError extends Error {}

const BETWEEN = Buffer.from('},{"ID":"');
const [SPACE, OPEN_ARRAY, CLOSE_ARRAY] = [0x20, 0x5b, 0x5d];
const FIRST_ROOM_BYTES = 128 * 1024;

/**
 * Splits a list of Docker's objects as it comes in and hands over each object's own bytes, valid only during
 * the call. A list of ten thousand tasks is thirty megabytes; this way a small piece of it is in memory at a
 * time, and what is known already need not even be looked at.
 *
 * Docker writes lists without blanks and each object with its `ID` first, so objects meet in `},{"ID":"`, which
 * cannot stand inside a text of JSON. Should objects inside an object meet so, the pieces are no JSON, and
 * the caller notices.
 *
 * @throws {UnusualListError} when the text is no such list or ends too soon: half a list is no list
 */
export async function splitList(
  chunks: AsyncIterable<Uint8Array>,
  onObject: (bytes: Buffer) => void,
): Promise<void> {
  // One piece of memory for the whole list: what is left of one chunk, then the next chunk.
  let room = Buffer.allocUnsafe(FIRST_ROOM_BYTES);
  let begin = 0;
  let end = 0;
  let begun = false;
  for await (const chunk of chunks) {
    const left = end - begin;
    if (left + chunk.length > room.length) {
      const larger = Buffer.allocUnsafe(2 * (left + chunk.length));
      room.copy(larger, 0, begin, end);
      room = larger;
    } else room.copyWithin(0, begin, end);
    room.set(chunk, left);
    begin = 0;
    end = left + chunk.length;
    if (!begun && end > 0) {
      if (room[0] !== OPEN_ARRAY) throw new UnusualListError('not a list');
      begun = true;
      begin = 1;
    }
    const bytes = room.subarray(0, end);
    // What was left has been searched already, but for a seam that the chunk may have closed.
    let at = bytes.indexOf(BETWEEN, Math.max(begin, left - BETWEEN.length));
    for (; at >= 0; at = bytes.indexOf(BETWEEN, begin)) {
      onObject(bytes.subarray(begin, at + 1));
      begin = at + 2;
    }
  }
  const last = begun ? lastObject(room.subarray(begin, end)) : undefined;
  if (last === undefined) throw new UnusualListError('not a list as Docker writes it');
  if (last.length > 0) onObject(last);
}

/** What is left before the closing bracket; `undefined` when there is none. */
function lastObject(rest: Buffer): Buffer | undefined {
  let end = rest.length;
  while (end > 0 && (rest[end - 1] ?? 0) <= SPACE) end -= 1;
  return rest[end - 1] === CLOSE_ARRAY ? rest.subarray(0, end - 1) : undefined;
}

const ID_AT = '{"ID":"'.length;
const QUOTE = 0x22;

interface Known<T> {
  value: T;
  digest: string;
  run: number;
}

export interface ListDecoder<T> {
  /** One list from its beginning to its end; objects that were not in it are forgotten then. */
  begin(): { decode(bytes: Buffer): T; end(): void };
}

/**
 * Decodes the objects of one kind of list, again and again: an object whose bytes are those of the last time,
 * by id and SHA-256, is not parsed, and the very same value comes back. A shorter checksum would do against
 * chance for a while only, and not against somebody who chooses label values to hide a change; the digest takes
 * a fifth of the time of parsing.
 */
export function createListDecoder<T extends { readonly id: string }>(
  read: (raw: unknown) => T,
): ListDecoder<T> {
  const known = new Map<string, Known<T>>();
  let run = 0;
  return {
    begin() {
      run += 1;
      const thisRun = run;
      return {
        decode(bytes) {
          const digest = hash('sha256', bytes, 'binary');
          const id = bytes.toString('latin1', ID_AT, Math.max(ID_AT, bytes.indexOf(QUOTE, ID_AT)));
          const before = known.get(id);
          if (before) before.run = thisRun;
          if (before?.digest === digest) return before.value;
          const value = read(parse(bytes));
          if (before) Object.assign(before, { value, digest });
          else known.set(value.id, { value, digest, run: thisRun });
          return value;
        },
        end() {
          for (const [id, entry] of known) if (entry.run !== thisRun) known.delete(id);
        },
      };
    },
  };
}

/** @throws {UnusualListError} */
function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    throw new UnusualListError('objects could not be told apart', { cause: error });
  }
}
