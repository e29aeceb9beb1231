import { expect, test } from '@jest/globals';
import { createReconciler } from './reconciler.js';
import { sleep } from './retry.js';

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
