const [OPEN_ARRAY, CLOSE_ARRAY, OPEN, CLOSE, QUOTE, BACKSLASH] = [...Buffer.from('[]{}"\\')] as [
  number,
  number,
  number,
  number,
  number,
  number,
];

/**
 * Reads a JSON array of objects as it comes in and hands over each element's own text. A list of ten
 * thousand tasks is tens of megabytes; this way no more than one of them is in memory at a time.
 *
 * `null` is an empty list (engines say so). Values other than objects are not handed over.
 *
 * @throws {SyntaxError} when the text is no array, or ends before the array does: half a list is no list
 */
export async function readJsonArray(
  chunks: AsyncIterable<Uint8Array>,
  onElement: (text: string) => void,
): Promise<void> {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let ended = false as boolean;
  /** The beginning of an element that is not complete yet. */
  let pieces: Buffer[] = [];
  let head = '';

  function scan(chunk: Buffer): void {
    let start = pieces.length > 0 ? 0 : -1;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN || byte === OPEN_ARRAY) {
        if (depth === 0 && byte !== OPEN_ARRAY) throw new SyntaxError('not a JSON array');
        if (depth === 1 && byte === OPEN) start = at;
        depth += 1;
      } else if (byte === CLOSE || byte === CLOSE_ARRAY) {
        depth -= 1;
        if (depth === 0) ended = true;
        if (depth === 1 && byte === CLOSE && start >= 0) {
          onElement(complete(chunk.subarray(start, at + 1)));
          start = -1;
        }
      } else if (depth === 0 && !ended && head.length < 8) head += String.fromCharCode(byte ?? 0);
    }
    if (start >= 0) pieces.push(Buffer.from(chunk.subarray(start)));
  }

  function complete(end: Buffer): string {
    if (pieces.length === 0) return end.toString('utf8');
    const text = Buffer.concat([...pieces, end]).toString('utf8');
    pieces = [];
    return text;
  }

  for await (const chunk of chunks) scan(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk));
  if (!ended && head.trim() !== 'null') throw new SyntaxError('the JSON array ends too soon');
}
