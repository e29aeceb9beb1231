import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UnusualListError, createListDecoder, splitList } from './json-list.js';

interface Item {
  readonly id: string;
  readonly value: string;
}

function read(raw: unknown): Item {
  const { ID: id, Value: value } = raw as { ID: string; Value: string };
  return { id, value };
}

async function* pieces(text: string, sizes: readonly number[] = [text.length]): AsyncGenerator<Buffer> {
  await Promise.resolve();
  const bytes = Buffer.from(text);
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function split(text: string, sizes?: readonly number[]): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  await splitList(pieces(text, sizes), (bytes) => found.push(JSON.parse(bytes.toString('utf8'))));
  return found;
}

describe('a list that comes in pieces', () => {
  test('gives its objects, wherever the pieces end and whatever texts hold', async () => {
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('},{"ID":"', ']', '😀'.repeat(50)),
    );
    const items = fc.array(
      fc.record({ ID: fc.string({ minLength: 1 }), Value: texts, Deep: fc.array(texts) }),
    );
    await fc.assert(
      fc.asyncProperty(
        items,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        async (list, sizes) => {
          expect(await split(JSON.stringify(list), sizes)).toEqual(list);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('may be larger than the memory set aside for it, and may end with a line break', async () => {
    const list = [
      { ID: 'a', Value: 'x'.repeat(300_000) },
      { ID: 'b', Value: 'y' },
    ];
    expect(await split(`${JSON.stringify(list)}\n`, [65_536])).toEqual(list);
    expect(await split('[]\n')).toEqual([]);
  });

  test.each(['', '{"message":"no"}', 'null', '[', '[{"ID":"a"}', '[{"ID":"a"},{"ID":"b"'])(
    'that is none or ends too soon is refused: %j',
    (text) => expect(split(text)).rejects.toThrow(UnusualListError),
  );
});

describe('a decoder of lists', () => {
  function decodeAll(
    decoder: ReturnType<typeof createListDecoder<Item>>,
    items: readonly object[],
  ): readonly Item[] {
    const run = decoder.begin();
    const values = items.map((item) => run.decode(Buffer.from(JSON.stringify(item))));
    run.end();
    return values;
  }

  test('gives the same object for the same bytes and a new one for others', () => {
    const decoder = createListDecoder(read);
    const [a, b] = decodeAll(decoder, [
      { ID: 'a', Value: '1' },
      { ID: 'b', Value: '1' },
    ]);
    const [sameA, newB] = decodeAll(decoder, [
      { ID: 'a', Value: '1' },
      { ID: 'b', Value: '2' },
    ]);
    expect(sameA).toBe(a);
    expect(newB).not.toBe(b);
    expect(newB).toEqual({ id: 'b', value: '2' });
  });

  test('sees a change that leaves length and CRC-32 as they were', () => {
    // Both values have the CRC-32 4ddb0c25, and so have the objects.
    const decoder = createListDecoder(read);
    decodeAll(decoder, [{ ID: 'a', Value: 'plumless' }]);
    expect(decodeAll(decoder, [{ ID: 'a', Value: 'buckeroo' }])).toEqual([{ id: 'a', value: 'buckeroo' }]);
  });

  test('forgets what was not in the last list', () => {
    const decoder = createListDecoder(read);
    const [before] = decodeAll(decoder, [{ ID: 'a', Value: '1' }]);
    decodeAll(decoder, []);
    expect(decodeAll(decoder, [{ ID: 'a', Value: '1' }])[0]).not.toBe(before);
  });

  test('reads an object whose ID is not where Docker writes it', () => {
    const decoder = createListDecoder(read);
    expect(
      decodeAll(decoder, [
        { Value: '1', ID: 'a' },
        { Value: '2', ID: 'b' },
      ]),
    ).toEqual([
      { id: 'a', value: '1' },
      { id: 'b', value: '2' },
    ]);
  });

  test('refuses pieces that are no JSON, so that the list is read whole instead', () => {
    expect(() => createListDecoder(read).begin().decode(Buffer.from('{"ID":"a","Deep":[{}'))).toThrow(
      UnusualListError,
    );
  });
});
