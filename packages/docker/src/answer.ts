import type { IncomingMessage } from 'node:http';

export type Chunks = AsyncIterable<Uint8Array>;

const MAX_SHOWN = 500;

/** The pieces of an answer; `touch` hears of each, and of the headers. */
export async function* touching(answer: IncomingMessage, touch: () => void): AsyncGenerator<Uint8Array> {
  touch();
  for await (const chunk of answer as Chunks) {
    touch();
    yield chunk;
  }
}

/** The same pieces. @throws {Error} when there is more */
export async function* limited(chunks: Chunks, maxBytes: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxBytes) throw tooLong(maxBytes);
    yield chunk;
  }
}

function tooLong(maxBytes: number): Error {
  return new Error(`the answer is longer than ${maxBytes} bytes`);
}

/** The whole answer, or its beginning when what is longer is `cut`. @throws {Error} when it is longer */
export async function readText(
  chunks: Chunks,
  maxBytes: number,
  longer: 'reject' | 'cut' = 'reject',
): Promise<string> {
  const kept: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    kept.push(chunk);
    length += chunk.length;
    if (length <= maxBytes) continue;
    if (longer === 'cut') break;
    throw tooLong(maxBytes);
  }
  return Buffer.concat(kept).toString('utf8');
}

/** What a refusal says. Docker sends `{"message": …}`; proxies in front of it send whatever they like. */
export function plainMessage(complaint: string): string {
  try {
    const { message } = JSON.parse(complaint) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Not JSON: shown as it is.
  }
  return complaint.trim().slice(0, MAX_SHOWN);
}
