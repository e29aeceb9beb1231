import { hash } from 'node:crypto';

const ID_AT = '{"ID":"'.length;
const QUOTE = 0x22;

interface Known<T> {
  value: T;
  digest: string;
  run: number;
}

export interface ListDecoder<T> {
  /** One list from its beginning to its end; objects that were not in it are forgotten then. */
  begin(): {
    /** @throws {SyntaxError} when the bytes are no JSON */
    decode(bytes: Buffer): T;
    end(): void;
  };
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
          const value = read(JSON.parse(bytes.toString('utf8')) as unknown);
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
