import { crc32 } from 'node:zlib';

/** The text is no list in the form Docker writes; read it whole instead. */
export class UnusualListError extends Error {}

const BETWEEN = Buffer.from('},{"ID":"');
const [SPACE, CLOSE_ARRAY] = [0x20, 0x5d];

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
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  let searched = 0;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    if (!begun && rest.length > 0) {
      if (rest[0] !== 0x5b) break;
      begun = true;
      rest = rest.subarray(1);
    }
    let from = 0;
    for (let at = rest.indexOf(BETWEEN, searched); at >= 0; at = rest.indexOf(BETWEEN, from)) {
      onObject(rest.subarray(from, at + 1));
      from = at + 2;
    }
    rest = rest.subarray(from);
    searched = Math.max(0, rest.length - BETWEEN.length);
  }
  const last = lastObject(rest);
  if (!begun || last === undefined) throw new UnusualListError('not a list as Docker writes it');
  if (last.length > 0) onObject(last);
}

/** What is left before the closing bracket; `undefined` when there is none. */
function lastObject(rest: Buffer): Buffer | undefined {
  let end = rest.length;
  while (end > 0 && (rest[end - 1] ?? 0) <= SPACE) end -= 1;
  return rest[end - 1] === CLOSE_ARRAY ? rest.subarray(0, end - 1) : undefined;
}

const MAX_CACHED_BYTES = 2 ** 20;
const ID_AT = '{"ID":"'.length;

/**
 * Decodes the objects of one kind of list, again and again: an object whose bytes are those of the last time
 * is not parsed, and the very same value comes back. Bytes are known by checksum, length and the object's id.
 */
export function createListDecoder<T extends { readonly id: string }>(
  read: (raw: unknown) => T,
): { begin(): { decode(bytes: Buffer): T; end(): void } } {
  let known = new Map<number, T>();
  return {
    begin() {
      const seen = new Map<number, T>();
      return {
        decode(bytes) {
          const key = bytes.length < MAX_CACHED_BYTES ? crc32(bytes) * MAX_CACHED_BYTES + bytes.length : -1;
          const before = key < 0 ? undefined : known.get(key);
          const value = before && isObjectOf(before.id, bytes) ? before : read(parse(bytes));
          if (key >= 0) seen.set(key, value);
          return value;
        },
        end() {
          known = seen;
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

/** Whether these bytes are an object with that id: equal checksums alone could be chance. */
function isObjectOf(id: string, bytes: Buffer): boolean {
  return bytes.toString('latin1', ID_AT, ID_AT + id.length) === id;
}
