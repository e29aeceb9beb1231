import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLines } from './lines.js';

async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  await Promise.resolve();
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

test('lines come whole, wherever the stream was cut, also within a letter', async () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\n'));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (lines, sizes) => {
        const found: string[] = [];
        const bytes = Buffer.from(lines.map((text) => `${text}\n\n`).join(''));
        await readLines(chunksOf(bytes, sizes), { maxLineBytes: 1_000_000 }, (text) => found.push(text));
        expect(found).toEqual(lines);
      },
    ),
  );
});

test('half a line at the end of a broken stream is not taken for a whole one', async () => {
  const found: string[] = [];
  await readLines(chunksOf(Buffer.from('{"a":1}\n{"a":12'), [100]), { maxLineBytes: 100 }, (text) =>
    found.push(text),
  );
  expect(found).toEqual(['{"a":1}']);
});

test('a line that does not end is given up', async () => {
  const bytes = Buffer.from('x'.repeat(1_000));
  await expect(readLines(chunksOf(bytes, [10]), { maxLineBytes: 100 }, () => undefined)).rejects.toThrow(
    'a line is longer than 100 bytes',
  );
});
