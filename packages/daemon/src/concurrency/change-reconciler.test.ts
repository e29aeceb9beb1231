import { afterEach, expect, test } from '@jest/globals';
import { createFakeClock, settled } from '../testing/fake-clock.js';
import { createChangeReconciler, type ChangeReconcilerOptions } from './change-reconciler.js';

interface Change {
  readonly service: string;
  readonly port: number;
}

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

/** Runs that end when the test says so; the verdict about a service is its port in words. */
function world(options: Partial<ChangeReconcilerOptions<Change, string>> = {}) {
  const clock = createFakeClock();
  const runs: string[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const reconciler = createChangeReconciler<Change, string>({
    keyOf: ({ service }) => service,
    reconcile: async (changes) => {
      runs.push(changes.map(({ service, port }) => `${service}:${port}`));
      await new Promise<void>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())));
      return new Map(changes.map(({ service, port }) => [service, `${port} is live`]));
    },
    clock,
    ...options,
  });
  const stop = new AbortController();
  stops.push(stop);
  const running = reconciler.run(stop.signal);
  async function end(index: number, error?: Error): Promise<void> {
    ends[index]?.(error);
    await settled();
  }
  return { reconciler, runs, end, clock, stop, running };
}

const web = (port: number): Change => ({ service: 'web', port });
const api = (port: number): Change => ({ service: 'api', port });

test('changes that come during a run share the next one, and each caller hears of its own', async () => {
  const { reconciler, runs, end } = world();
  const first = reconciler.submit(web(1));
  await settled();
  const others = [reconciler.submit(api(2)), reconciler.submit({ service: 'db', port: 3 })];
  await end(0);
  expect(await first).toBe('1 is live');
  await end(1);
  expect(await Promise.all(others)).toEqual(['2 is live', '3 is live']);
  expect(runs).toEqual([['web:1'], ['api:2', 'db:3']]);
});

test('changes of one key have runs of their own, one after the other', async () => {
  const { reconciler, runs, end } = world();
  const verdicts = [1, 2, 3].map((port) => reconciler.submit(web(port)));
  await settled();
  for (const index of [0, 1, 2]) await end(index);
  expect(await Promise.all(verdicts)).toEqual(['1 is live', '2 is live', '3 is live']);
  expect(runs).toEqual([['web:1'], ['web:2'], ['web:3']]);
});

test('where only the newest counts, all callers hear of that', async () => {
  const { reconciler, runs, end } = world({ sameKey: 'newest', debounceMs: 0 });
  const first = reconciler.submit(web(1));
  await settled();
  const later = [reconciler.submit(web(2)), reconciler.submit(api(8)), reconciler.submit(web(3))];
  await end(0);
  await end(1);
  expect(await Promise.all([first, ...later])).toEqual(['1 is live', '3 is live', '8 is live', '3 is live']);
  expect(runs).toEqual([['web:1'], ['api:8', 'web:3']]);
});

test('a run that fails fails its callers, and is repeated without changes', async () => {
  const { reconciler, runs, end, clock } = world({ retryMs: 1_000 });
  const failing = reconciler.submit(web(1));
  reconciler.merge([api(2)]);
  await settled();
  const outcome = Promise.allSettled([failing]);
  await end(0, new Error('no'));
  expect(await outcome).toMatchObject([{ status: 'rejected', reason: { message: 'no' } }]);
  await clock.advance(1_000);
  expect(runs).toEqual([['web:1', 'api:2'], []]);
});

test('a run without a change answers its verdicts', async () => {
  const { reconciler, runs, end } = world();
  const verdicts = reconciler.refresh();
  await settled();
  await end(0);
  expect([await verdicts, runs]).toEqual([new Map(), [[]]]);
});

test('a run that says nothing about a key is a fault', async () => {
  const { reconciler } = world({ reconcile: () => Promise.resolve(new Map()) });
  await expect(reconciler.submit(web(1))).rejects.toThrow('the run said nothing about web');
});

test('callers are told when the program stops, and those who come later too', async () => {
  const { reconciler, end, stop, running } = world();
  const first = reconciler.submit(web(1));
  await settled();
  const outcomes = Promise.allSettled([first, reconciler.submit(web(2))]);
  stop.abort();
  await end(0);
  await running;
  expect(await outcomes).toMatchObject([
    { value: '1 is live' },
    { reason: { message: 'the program is stopping' } },
  ]);
  await expect(reconciler.submit(api(1))).rejects.toThrow('the program is stopping');
});
