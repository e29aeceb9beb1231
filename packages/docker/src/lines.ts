const NEWLINE = 10;

export interface LineLimits {
  /** A longer line is not what was asked for. */
  readonly maxLineBytes: number;
}

/**
 * Hands over each line of a stream that never needs to end, without its line break; empty lines are left out. Lines are
 * cut as bytes, so a letter that came in two pieces stays whole.
 *
 * @throws {Error} when a line is too long, or what the stream throws
 */
export async function readLines(
  chunks: AsyncIterable<Uint8Array>,
  { maxLineBytes }: LineLimits,
  onLine: (line: string) => void,
): Promise<void> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = Buffer.concat([...pieces, chunk.subarray(start, end)]);
      pieces = [];
      length = 0;
      if (line.length > 0) onLine(line.toString('utf8'));
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > maxLineBytes) throw new Error(`a line is longer than ${maxLineBytes} bytes`);
  }
}
