import { afterEach, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { silentLogger } from '../log/logger.js';
import { createFakeClock, settled } from '../testing/fake-clock.js';
import { byServiceName, createServiceFeed, type ServiceFeedOptions } from './create-service-feed.js';
import type { ListenerClient, Rows } from './listener-client.js';

type Answer = Rows | Error;

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

const row = (serviceName: string, port = '1'): Parameters => ({ serviceName, port });
const list = (etag: string, ...rows: Parameters[]): Rows => ({ kind: 'rows', rows, etag });
const unchanged: Rows = { kind: 'unchanged' };
const down = new Error('ECONNREFUSED');

/** A listener that answers when the test says so. */
function source(address = 'http://l:8080') {
  const etags: (string | undefined)[] = [];
  const waiting: ((answer: Answer) => void)[] = [];
  const client: ListenerClient = {
    address,
    getServices: ({ etag } = {}) =>
      new Promise((resolve, reject) => {
        etags.push(etag);
        waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      }),
  };
  return {
    client,
    etags,
    async answer(answer: Answer) {
      await settled();
      waiting.shift()?.(answer);
      await settled();
    },
  };
}

function world(options: Partial<ServiceFeedOptions> = {}, sources = [source()]) {
  const clock = createFakeClock();
  const changes: object[] = [];
  const successes: string[] = [];
  const feed = createServiceFeed({
    sources: sources.map(({ client }) => client),
    onChange: (from, { changed, removed, confirmed }) =>
      void changes.push({ from, changed: [...changed.keys()], removed, confirmed }),
    onSuccess: (from) => successes.push(from),
    repeatMs: 1_000,
    firstPauseMs: 100,
    maxPauseMs: 400,
    logger: silentLogger(),
    clock,
    ...options,
  });
  const stop = new AbortController();
  stops.push(stop);
  const [first = source()] = sources;
  return { feed, clock, changes, successes, stop, first, run: () => feed.run(stop.signal) };
}

const change = (changed: string[], removed: string[] = [], confirmed: string[] = []) => ({
  from: 'http://l:8080',
  changed,
  removed,
  confirmed,
});

test('the list is asked for until it works, after pauses that grow, and then regularly with its ETag', async () => {
  const { feed, clock, changes, successes, first, run } = world();
  void run();
  for (const pauseMs of [100, 200, 400, 400]) {
    await first.answer(down);
    const before = first.etags.length;
    await clock.advance(pauseMs - 1);
    expect(first.etags).toHaveLength(before);
    await clock.advance(1);
    expect(first.etags).toHaveLength(before + 1);
  }
  let hasAnswered = false;
  void feed.firstAnswer.then(() => (hasAnswered = true));
  await clock.advance(0);
  expect(hasAnswered).toBe(false);
  await first.answer(list('"1"', row('a'), { x: 'no name' }));
  await feed.firstAnswer;
  await clock.advance(1_000);
  await first.answer(unchanged);
  await clock.advance(1_000);
  expect(first.etags.slice(4)).toEqual([undefined, '"1"', '"1"']);
  expect(changes).toEqual([change(['a'])]);
  expect(successes).toHaveLength(2);
});

test('a list is asked for once when it is not to be repeated', async () => {
  const { clock, first, run, changes } = world({ repeatMs: 0 });
  void run();
  await first.answer(list('"1"', row('a')));
  await clock.advance(100_000);
  expect(first.etags).toHaveLength(1);
  expect(changes).toEqual([change(['a'])]);
});

test('what is notified while a list is under way is newer, also when the source did not answer at first', async () => {
  const { feed, clock, changes, first, run } = world();
  void run();
  await settled();
  feed.noted('a', row('a', '2'));
  await first.answer(down);
  feed.noted('b', undefined);
  await clock.advance(100);
  await first.answer(list('"1"', row('a'), row('b'), row('c')));
  expect(changes).toEqual([change(['c'])]);
  expect(feed.table.get('a')).toEqual(row('a', '2'));
});

test('after a notification the whole list is asked for, which repairs what was removed by mistake', async () => {
  const { feed, clock, changes, first, run } = world();
  void run();
  await first.answer(list('"1"', row('a')));
  feed.noted('a', undefined);
  await clock.advance(1_000);
  expect(first.etags.at(-1)).toBeUndefined();
  await first.answer(list('"1"', row('a')));
  await clock.advance(1_000);
  expect(first.etags.at(-1)).toBe('"1"');
  expect(changes).toEqual([change(['a']), change(['a'])]);
});

test('a service that was only notified is soon asked for, so that it goes when its removal is lost', async () => {
  const { feed, clock, changes, first, run } = world({ repeatMs: 100_000 });
  void run();
  await first.answer(list('"1"', row('a')));
  feed.noted('b', row('b'));
  await clock.advance(2_000);
  // Others may follow.
  feed.noted('c', row('c'));
  await clock.advance(2_999);
  expect(first.etags).toHaveLength(1);
  await clock.advance(3_001);
  await first.answer(list('"2"', row('a'), row('b'), row('c')));
  expect(first.etags).toHaveLength(2);
  // Now it is known to lists: a change of it is no reason to ask.
  feed.noted('b', row('b', '2'));
  await clock.advance(99_999);
  expect(first.etags).toHaveLength(2);
  await clock.advance(1);
  await first.answer(list('"3"', row('a'), row('c')));
  expect(changes.at(-1)).toEqual(change([], ['b']));
});

test('whatever else is notified, the list is asked for in time', async () => {
  const { feed, clock, first, run } = world({ repeatMs: 100_000 });
  void run();
  await first.answer(list('"1"', row('a')));
  for (let i = 0; i < 11; i += 1) {
    feed.noted(`b${i}`, row(`b${i}`));
    await clock.advance(1_000);
  }
  expect(first.etags).toHaveLength(2);
});

test('a removal is confirmed when every source has left the service out of a later list', async () => {
  const [one, two] = [source('http://l:8080'), source('http://m:8080')];
  const { feed, clock, changes, run } = world({}, [one, two]);
  void run();
  await settled();
  feed.noted('a', undefined);
  await one.answer(list('"1"'));
  await two.answer(list('"1"'));
  await clock.advance(1_000);
  await one.answer(list('"1"'));
  expect(changes).toEqual([]);
  await two.answer(list('"1"'));
  expect(changes).toEqual([{ from: 'http://m:8080', changed: [], removed: [], confirmed: ['a'] }]);
  await clock.advance(1_000);
  await one.answer(list('"2"'));
  await two.answer(list('"2"'));
  expect(changes).toHaveLength(1);
});

test('a removed service that is listed, or notified again, is not confirmed', async () => {
  const { feed, clock, changes, first, run } = world();
  void run();
  await first.answer(list('"1"'));
  feed.noted('listed', undefined);
  feed.noted('back', undefined);
  feed.noted('back', row('back'));
  await clock.advance(1_000);
  await first.answer(list('"2"', row('listed')));
  await clock.advance(1_000);
  await first.answer(list('"3"'));
  expect(changes).toEqual([change(['listed']), change([], ['listed'])]);
});

test('an empty list after one that was not is believed only when it comes a second time', async () => {
  const { clock, changes, first, run } = world({ doubtsEmptyLists: true });
  void run();
  await first.answer(list('"1"', row('a')));
  await clock.advance(1_000);
  await first.answer(list('"2"'));
  expect(changes).toEqual([change(['a'])]);
  await clock.advance(100);
  expect(first.etags.at(-1)).toBe('"1"');
  await first.answer(list('"2"'));
  expect(changes).toEqual([change(['a']), change([], ['a'])]);
});

test('without doubt an empty list is believed at once', async () => {
  const { clock, changes, first, run } = world();
  void run();
  await first.answer(list('"1"', row('a')));
  await clock.advance(1_000);
  await first.answer(list('"2"'));
  expect(changes).toEqual([change(['a']), change([], ['a'])]);
});

test('what the last run knew goes when every source has answered and none names it', async () => {
  const [one, two] = [source('http://l:8080'), source('http://m:8080')];
  const { changes, run } = world({ restored: byServiceName([row('a'), row('b')]) }, [one, two]);
  void run();
  await one.answer(list('"1"', row('b')));
  expect(changes).toEqual([]);
  await two.answer(list('"1"', row('b')));
  expect(changes).toEqual([{ from: 'http://m:8080', changed: [], removed: ['a'], confirmed: [] }]);
});

test('asked to pull, sources are asked at once and in turn: an older answer never comes after a newer one', async () => {
  const { feed, changes, first, run } = world();
  void run();
  await settled();
  let pulled = false;
  const pulling = feed.pull().then(() => (pulled = true));
  await settled();
  expect(first.etags).toHaveLength(1);
  await first.answer(list('"1"', row('a')));
  expect([first.etags.length, pulled]).toEqual([2, false]);
  await first.answer(list('"2"', row('a'), row('b')));
  await pulling;
  expect(changes).toEqual([change(['a']), change(['b'])]);
});

test('a pull works before the actor runs, waits for what the change does, and forgives who does not answer', async () => {
  let end: () => void = () => undefined;
  const { feed, first } = world({ onChange: () => new Promise((resolve) => (end = resolve)) });
  let pulled = false;
  const pulling = feed.pull().then(() => (pulled = true));
  await first.answer(list('"1"', row('a')));
  expect(pulled).toBe(false);
  end();
  await pulling;
  const again = feed.pull();
  await first.answer(down);
  await expect(again).resolves.toBeUndefined();
});

test('an address that stands in the list twice is asked twice, in turn', async () => {
  const [one, two] = [source(), source()];
  const { changes, run } = world({}, [one, two]);
  void run();
  await settled();
  expect([one.etags.length, two.etags.length]).toEqual([1, 0]);
  await one.answer(list('"1"', row('a')));
  expect([one.etags.length, two.etags.length]).toEqual([1, 1]);
  await two.answer(list('"1"', row('a')));
  expect(changes).toEqual([change(['a'])]);
});

test('waits before the first question, and ends at once', async () => {
  const { clock, first, stop, run } = world({ waitMs: 500 });
  const running = run();
  await clock.advance(499);
  expect(first.etags).toHaveLength(0);
  await clock.advance(1);
  expect(first.etags).toHaveLength(1);
  stop.abort();
  await running;
});

test('rows are known by their service; of two rows of one service the last counts', () => {
  const rows = [row('a', '1'), { port: '9' }, { serviceName: '' }, row('a', '2')];
  expect([...byServiceName(rows)]).toEqual([['a', row('a', '2')]]);
});

test('a service of which no task runs right now keeps its place, and one that never ran gets none', async () => {
  const { feed, clock, changes, first, run } = world();
  void run();
  await first.answer(list('1', row('web'), row('gone')));
  await clock.advance(1_000);
  await first.answer({ ...list('2'), notRunning: [row('web', '2'), row('new')] } as Rows);
  expect(changes).toEqual([change(['web', 'gone']), change(['web'], ['gone'])]);
  expect(feed.table.list()).toEqual([['web', row('web', '2')]]);
});
