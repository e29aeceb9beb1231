import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitList } from './split-list.js';

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
  await splitList(pieces(text, sizes), { maxObjectBytes: 1_000_000 }, (bytes) =>
    found.push(JSON.parse(bytes.toString('utf8'))),
  );
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

  test('may have objects of many pieces, blanks everywhere, and any order within', async () => {
    const list = [
      { ID: 'a', Value: 'x'.repeat(300_000) },
      { Value: 'y', ID: 'b', Deep: [{ ID: 'c' }, { ID: 'd' }] },
    ];
    expect(await split(`${JSON.stringify(list, null, 2)}\n`, [65_536])).toEqual(list);
    expect(await split(' [ ] \n')).toEqual([]);
  });

  test('may be none at all', async () => {
    expect(await split('null\n', [1])).toEqual([]);
  });

  test.each([
    ...['', '{"message":"no"}', 'nul', 'nullnull', '[', '[{"ID":"a"}', '[{"ID":"a"},{"ID":"b"'],
    ...['[1]', '["text"]', '[[{}]]', '[{}] [{}]', '[]null', 'null[]', '[{"a":1}}]', '<html>'],
  ])('that is none or ends too soon is rejected: %j', (text) =>
    expect(split(text)).rejects.toThrow(SyntaxError),
  );

  test('with an object that does not end is given up before it fills the memory', async () => {
    async function* endless(): AsyncGenerator<Buffer> {
      await Promise.resolve();
      yield Buffer.from('[{"ID":"');
      for (;;) yield Buffer.from('x'.repeat(1_000));
    }
    await expect(splitList(endless(), { maxObjectBytes: 10_000 }, () => undefined)).rejects.toThrow(
      'an object of the list is larger than 10000 bytes',
    );
  });
});
