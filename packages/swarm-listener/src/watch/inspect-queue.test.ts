import { afterEach, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createKeyedLooks, type KeyedLooks } from './inspect-queue.js';

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

/** Looks that end when the test says so. */
function world(maxAtOnce = 8) {
  const begun: string[] = [];
  const ends: ((failure?: Error) => void)[] = [];
  const errors: string[] = [];
  const looks: KeyedLooks = createKeyedLooks({
    look: (id) =>
      new Promise((resolve, reject) => {
        begun.push(id);
        ends.push((failure) => (failure ? reject(failure) : resolve()));
      }),
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
  for (const id of ['a', 'a', 'a', 'b']) looks.request(id);
  expect(begun).toEqual(['a', 'b']);
  ends[0]?.();
  await settle();
  expect(begun).toEqual(['a', 'b', 'a']);
});

test('so many looks at once, and none before it runs', async () => {
  const { looks, begun, ends, run } = world(2);
  for (const id of ['a', 'b', 'c']) looks.request(id);
  expect(begun).toEqual([]);
  run();
  expect(begun).toEqual(['a', 'b']);
  ends[1]?.();
  await settle();
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('a look that fails is made again a little later, and others need not wait for that', async () => {
  const { looks, begun, ends, errors, run } = world(1);
  run();
  looks.request('a');
  ends[0]?.(new Error('Docker is away'));
  looks.request('b');
  await settle();
  expect(begun).toEqual(['a', 'b']);
  ends[1]?.();
  while (begun.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(begun).toEqual(['a', 'b', 'a']);
  expect(errors).toEqual(['a']);
});

test('when a look has worked meanwhile it is not made again for the one that failed', async () => {
  const { looks, begun, ends, run } = world();
  run();
  looks.request('a');
  ends[0]?.(new Error('Docker is away'));
  await settle();
  looks.request('a');
  ends[1]?.();
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(begun).toEqual(['a', 'a']);
});
