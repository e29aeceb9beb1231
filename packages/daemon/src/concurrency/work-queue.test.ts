import { afterEach, expect, test } from '@jest/globals';
import { createFakeClock, settled } from '../testing/fake-clock.js';
import { createWorkQueue, type WorkQueueOptions } from './work-queue.js';

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

/** Work that ends when the test says so. */
function world(options: Partial<WorkQueueOptions> = {}) {
  const clock = createFakeClock();
  const begun: string[] = [];
  const ends: ((result?: number | Error) => void)[] = [];
  const errors: [key: string, retryInMs: number | undefined][] = [];
  const queue = createWorkQueue({
    handle: (key) =>
      new Promise((resolve, reject) => {
        begun.push(key);
        ends.push((result) => (result instanceof Error ? reject(result) : resolve(result)));
      }),
    retry: { firstMs: 500, maxMs: 2_000 },
    onError: (key, _error, retryInMs) => errors.push([key, retryInMs]),
    clock,
    ...options,
  });
  const stop = new AbortController();
  stops.push(stop);
  async function end(index: number, result?: number | Error): Promise<void> {
    ends[index]?.(result);
    await settled();
  }
  const ended: Promise<unknown>[] = [];
  return {
    queue,
    begun,
    end,
    errors,
    clock,
    stop,
    ended,
    run: () => ended.push(queue.run(stop.signal)),
  };
}

const away = new Error('Docker is away');

test('one at a time per key; what is added meanwhile becomes one handling after it', async () => {
  const { queue, begun, end, run } = world();
  run();
  for (const key of ['a', 'a', 'a', 'b']) queue.add(key);
  expect(begun).toEqual(['a', 'b']);
  await end(0);
  expect(begun).toEqual(['a', 'b', 'a']);
  await end(2);
  expect(begun).toEqual(['a', 'b', 'a']);
});

test('so many at once, and none before it runs', async () => {
  const { queue, begun, end, run } = world({ maxAtOnce: 2 });
  for (const key of ['a', 'b', 'c']) queue.add(key);
  expect(begun).toEqual([]);
  run();
  expect(begun).toEqual(['a', 'b']);
  await end(1);
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('what fails is tried again after pauses that grow, and others need not wait for that', async () => {
  const { queue, begun, end, errors, clock, run } = world({ maxAtOnce: 1 });
  run();
  queue.add('a');
  queue.add('b');
  await end(0, away);
  expect(begun).toEqual(['a', 'b']);
  await end(1);
  for (const [index, pauseMs] of [500, 1_000, 2_000, 2_000].entries()) {
    await clock.advance(pauseMs - 1);
    expect(begun).toHaveLength(index + 2);
    await clock.advance(1);
    expect(begun).toHaveLength(index + 3);
    await end(index + 2, away);
  }
  expect(errors.map(([, retryInMs]) => retryInMs)).toEqual([500, 1_000, 2_000, 2_000, 2_000]);
});

test('what is added in the pause is handled at once; when that works the pause is forgotten', async () => {
  const { queue, begun, end, errors, clock, run } = world();
  run();
  queue.add('a');
  await end(0, away);
  queue.add('a');
  expect(begun).toEqual(['a', 'a']);
  await end(1);
  await clock.advance(10_000);
  expect(begun).toEqual(['a', 'a']);
  queue.add('a');
  await end(2, away);
  expect(errors).toEqual([
    ['a', 500],
    ['a', 500],
  ]);
});

test('without pauses what failed waits until it is added again', async () => {
  const errors: unknown[] = [];
  const clock = createFakeClock();
  let handled = 0;
  const queue = createWorkQueue({
    handle: () => {
      handled += 1;
      return Promise.reject(away);
    },
    onError: (...told) => errors.push(told),
    clock,
  });
  const stop = new AbortController();
  stops.push(stop);
  void queue.run(stop.signal);
  queue.add('a');
  await clock.advance(100_000);
  expect(handled).toBe(1);
  expect(errors).toEqual([['a', away, undefined]]);
});

test('additions within the time to gather are one handling', async () => {
  const { queue, begun, end, clock, run } = world({ gatherMs: 100 });
  run();
  queue.add('a');
  await clock.advance(60);
  queue.add('a');
  await clock.advance(39);
  expect(begun).toEqual([]);
  await clock.advance(1);
  expect(begun).toEqual(['a']);
  queue.add('a');
  await end(0);
  await clock.advance(100);
  expect(begun).toEqual(['a', 'a']);
});

test('a handling may ask for another one, which comes earlier when the key is added', async () => {
  const { queue, begun, end, clock, run } = world();
  run();
  queue.add('a');
  await end(0, 1_000);
  await clock.advance(999);
  expect(begun).toHaveLength(1);
  await clock.advance(1);
  expect(begun).toHaveLength(2);
  await end(1, 1_000);
  queue.add('a');
  expect(begun).toHaveLength(3);
  await end(2);
  await clock.advance(5_000);
  expect(begun).toHaveLength(3);
});

test('ends with its signal and leaves no pause behind', async () => {
  const { queue, begun, end, clock, stop, ended, run } = world({ maxAtOnce: 1 });
  run();
  for (const key of ['a', 'b']) queue.add(key);
  await end(0, away);
  stop.abort();
  await Promise.all(ended);
  expect(clock.sleepers()).toBe(0);
  await end(1);
  await clock.advance(5_000);
  expect(begun).toEqual(['a', 'b']);
});
