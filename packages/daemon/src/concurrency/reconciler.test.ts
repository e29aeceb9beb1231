import { expect, test } from '@jest/globals';
import { createFakeClock, settled } from '../testing/fake-clock.js';
import { createReconciler, type ReconcilerOptions } from './reconciler.js';
import { sleep } from './sleep.js';

/** Runs that end as the test says, by a clock that it moves. */
function fakeWorld(options: Partial<ReconcilerOptions<string>>) {
  const clock = createFakeClock();
  const ends: ((result: string) => void)[] = [];
  const loop = createReconciler<string>({
    reconcile: () =>
      new Promise((resolve, reject) =>
        ends.push((result) => (result === 'failed' ? reject(new Error(result)) : resolve(result))),
      ),
    clock,
    ...options,
  });
  const stop = new AbortController();
  void loop.run(stop.signal);
  const runs = {
    count: () => ends.length,
    async end(result: string) {
      await settled();
      ends.at(-1)?.(result);
      await settled();
    },
  };
  return { loop, runs, clock, stop };
}

test('callers that come during a run share the next one', async () => {
  const stop = new AbortController();
  let runs = 0;
  const loop = createReconciler({
    reconcile: async () => {
      runs += 1;
      const mine = runs;
      await sleep(20);
      return mine;
    },
  });
  const running = loop.run(stop.signal);
  const first = loop.submit();
  await sleep(5);
  const others = [loop.submit(), loop.submit(), loop.submit()];
  expect(await first).toBe(1);
  expect(await Promise.all(others)).toEqual([2, 2, 2]);
  stop.abort();
  await running;
});

test('triggers of a debounce period are one run', async () => {
  const stop = new AbortController();
  let runs = 0;
  const loop = createReconciler({ reconcile: () => Promise.resolve((runs += 1)), debounceMs: 20 });
  const running = loop.run(stop.signal);
  for (let i = 0; i < 10; i += 1) loop.trigger();
  expect(await loop.submit()).toBe(1);
  stop.abort();
  await running;
});

test('a failed run fails its callers and is tried again', async () => {
  const stop = new AbortController();
  const errors: unknown[] = [];
  let runs = 0;
  const loop = createReconciler({
    reconcile: () => ((runs += 1) === 1 ? Promise.reject(new Error('refused')) : Promise.resolve(runs)),
    retryMs: 5,
    onError: (error) => errors.push(error),
  });
  const running = loop.run(stop.signal);
  await expect(loop.submit()).rejects.toThrow('refused');
  while (runs < 2) await sleep(5);
  expect(errors).toHaveLength(1);
  stop.abort();
  await running;
});

test('callers are told when the program stops', async () => {
  const stop = new AbortController();
  const loop = createReconciler({ reconcile: () => Promise.resolve(), debounceMs: 10_000 });
  const running = loop.run(stop.signal);
  const waiting = loop.submit();
  stop.abort();
  await expect(waiting).rejects.toThrow('stopping');
  await running;
});

test('who asks after the end is told too', async () => {
  const loop = createReconciler({ reconcile: () => Promise.resolve() });
  await loop.run(AbortSignal.abort());
  await expect(loop.submit()).rejects.toThrow('stopping');
});

test('however many runs fail, one is tried again, and none after one that works', async () => {
  const { loop, runs, clock, stop } = fakeWorld({ retryMs: 1_000 });
  for (const result of ['failed', 'failed'] as const) {
    loop.trigger();
    await runs.end(result);
    await clock.advance(300);
  }
  await clock.advance(699);
  expect(runs.count()).toBe(2);
  await clock.advance(1);
  expect(runs.count()).toBe(3);
  await runs.end('live');
  await clock.advance(10_000);
  expect(runs.count()).toBe(3);
  stop.abort();
});

test('a run may ask to be tried again without having failed', async () => {
  const { loop, runs, clock, stop } = fakeWorld({
    retryMs: 1_000,
    needsRetry: (result) => result === 'not live',
  });
  const told = loop.submit();
  await runs.end('not live');
  expect(await told).toBe('not live');
  await clock.advance(1_000);
  expect(runs.count()).toBe(2);
  await runs.end('live');
  await clock.advance(10_000);
  expect(runs.count()).toBe(2);
  stop.abort();
});

test('runs keep their distance', async () => {
  const { loop, runs, clock, stop } = fakeWorld({ minIntervalMs: 500 });
  loop.trigger();
  await runs.end('live');
  loop.trigger();
  await clock.advance(499);
  expect(runs.count()).toBe(1);
  await clock.advance(1);
  expect(runs.count()).toBe(2);
  stop.abort();
});

test('while many callers come, more of them share a run, up to a quarter of the time of the last one', async () => {
  const { loop, runs, clock, stop } = fakeWorld({ debounceMs: 10, gatherUpToMs: 1_000 });
  void loop.submit();
  await clock.advance(10);
  await clock.advance(400);
  await runs.end('live');
  for (let i = 0; i < 2; i += 1) void loop.submit();
  await clock.advance(10);
  for (let passed = 10; passed < 100; passed += 10) {
    expect(runs.count()).toBe(1);
    void loop.submit();
    await clock.advance(10);
  }
  await clock.advance(10);
  expect(runs.count()).toBe(2);
  stop.abort();
});

test('the first caller after a run of many waits for those that come again', async () => {
  const { loop, runs, clock, stop } = fakeWorld({ gatherUpToMs: 1_000 });
  for (let i = 0; i < 3; i += 1) void loop.submit();
  await settled();
  await clock.advance(400);
  await runs.end('live');
  void loop.submit();
  await clock.advance(9);
  void loop.submit();
  await clock.advance(9);
  expect(runs.count()).toBe(1);
  await clock.advance(2);
  expect(runs.count()).toBe(2);
  stop.abort();
});

test('a caller that comes alone waits for nobody else', async () => {
  const { loop, runs, clock, stop } = fakeWorld({ debounceMs: 10, gatherUpToMs: 1_000 });
  void loop.submit();
  await clock.advance(10);
  await clock.advance(400);
  await runs.end('live');
  void loop.submit();
  await clock.advance(10);
  expect(runs.count()).toBe(2);
  stop.abort();
});
