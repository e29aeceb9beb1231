import { describe, expect, test } from '@jest/globals';
import { createListDecoder } from './list-decoder.js';

interface Item {
  readonly id: string;
  readonly value: string;
}

function read(raw: unknown): Item {
  const { ID: id, Value: value } = raw as { ID: string; Value: string };
  return { id, value };
}

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

  test('says of bytes that are no JSON that they are not', () => {
    expect(() => createListDecoder(read).begin().decode(Buffer.from('{"ID":"a","Deep":[{}'))).toThrow(
      SyntaxError,
    );
  });
});
