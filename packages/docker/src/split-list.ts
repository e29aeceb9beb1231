/** Signs of JSON as bytes; within UTF-8 they stand for nothing else. */
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const SPACE = 0x20;
const NULL = 'null';

/**
 * Splits a JSON list of objects as it comes in, and hands over each object's own bytes. A list of ten thousand tasks
 * is thirty megabytes; this way one object of it is in memory at a time. `null` is an empty list, as Go writes it.
 *
 * @throws {SyntaxError} when it is no such list, ends too soon (half a list is no list), or one object is too large
 */
export async function splitList(
  chunks: AsyncIterable<Uint8Array>,
  { maxObjectBytes }: { readonly maxObjectBytes: number },
  onObject: (bytes: Buffer) => void,
): Promise<void> {
  /** 0 outside of the list, 1 in it, more in an object of it. */
  let depth = 0;
  let isText = false;
  let isEscaped = false;
  const list = { isOver: false, null: '' };
  /** What has come of the object that is not whole yet. */
  let pieces: Uint8Array[] = [];
  let length = 0;

  /** A byte that belongs to no object. */
  function between(byte: number): void {
    if (byte <= SPACE) return;
    if (depth === 1 && byte === OPEN_OBJECT) depth = 2;
    else if (depth === 1 && byte === CLOSE_LIST) {
      depth = 0;
      list.isOver = true;
    } else if (depth === 0 && !list.isOver && list.null === '' && byte === OPEN_LIST) depth = 1;
    else if (depth === 0 && !list.isOver && byte === NULL.charCodeAt(list.null.length)) {
      list.null += String.fromCharCode(byte);
      list.isOver = list.null === NULL;
    } else if (depth !== 1 || byte !== COMMA) throw new SyntaxError('it is not a list of objects');
  }

  for await (const chunk of chunks) {
    let start = 0;
    const end = chunk.length;
    for (let at = 0; at < end; at += 1) {
      const byte = chunk[at] ?? 0;
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isText = false;
      } else if (depth < 2) {
        between(byte);
        start = at;
      } else if (byte === QUOTE) isText = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        depth -= 1;
        if (depth > 1) continue;
        onObject(whole(pieces, chunk.subarray(start, at + 1)));
        pieces = [];
        length = 0;
      }
    }
    if (depth < 2) continue;
    pieces.push(chunk.subarray(start));
    length += end - start;
    if (length > maxObjectBytes)
      throw new SyntaxError(`an object of the list is larger than ${maxObjectBytes} bytes`);
  }
  if (!list.isOver) throw new SyntaxError('the list ends too soon');
}

function whole(pieces: readonly Uint8Array[], last: Uint8Array): Buffer {
  return pieces.length > 0
    ? Buffer.concat([...pieces, last])
    : Buffer.from(last.buffer, last.byteOffset, last.length);
}
