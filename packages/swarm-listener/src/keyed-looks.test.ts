import { afterEach, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/logger';
import { createKeyedLooks, type KeyedLooks } from './keyed-looks.js';

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

/** Looks that end when the test says so. */
function world(maxAtOnce = 8) {
  const begun: string[] = [];
  const ends: ((failure?: Error) => void)[] = [];
  const errors: string[] = [];
  const looks: KeyedLooks<number> = createKeyedLooks<number>({
    look: (id, hint) =>
      new Promise((resolve, reject) => {
        begun.push(`${id} ${hint}`);
        ends.push((failure) => (failure ? reject(failure) : resolve()));
      }),
    merge: (older, newer) => older + newer,
    maxAtOnce,
    onError: (id) => errors.push(id),
    logger: silentLogger(),
  });
  const stop = new AbortController();
  stops.push(stop);
  return { looks, begun, ends, errors, run: () => void looks.run(stop.signal) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('one look at a time per subject; requests meanwhile become one look after it', async () => {
  const { looks, begun, ends, run } = world();
  run();
  looks.request('a', 1);
  looks.request('a', 2);
  looks.request('a', 3);
  looks.request('b', 1);
  expect(begun).toEqual(['a 1', 'b 1']);
  ends[0]?.();
  await settle();
  expect(begun).toEqual(['a 1', 'b 1', 'a 5']);
});

test('so many looks at once, and none before it runs', async () => {
  const { looks, begun, ends, run } = world(2);
  for (const id of ['a', 'b', 'c']) looks.request(id, 0);
  expect(begun).toEqual([]);
  run();
  expect(begun).toEqual(['a 0', 'b 0']);
  ends[1]?.();
  await settle();
  expect(begun).toEqual(['a 0', 'b 0', 'c 0']);
});

test('a look that fails is made again, together with what was asked for meanwhile', async () => {
  const { looks, begun, ends, errors, run } = world(1);
  run();
  looks.request('a', 1);
  ends[0]?.(new Error('Docker is away'));
  looks.request('a', 2);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(errors).toEqual(['a']);
  expect(begun).toEqual(['a 1', 'a 3']);
});
