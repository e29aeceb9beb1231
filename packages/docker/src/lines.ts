const NEWLINE = 10;

/** Hands over each line of a stream that never needs to end, without its line break; empty lines are left out. */
export async function readLines(
  chunks: AsyncIterable<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let text = rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk);
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE)) {
      if (end > 0) onLine(text.toString('utf8', 0, end));
      text = text.subarray(end + 1);
    }
    rest = text;
  }
}
