import { describe, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createFakeClock, settled } from '@docker-flow/daemon/testing/fake-clock';
import type { Delivery, Outcome } from '../core/notifications/delivery.js';
import { aReceiver } from '../testing/swarm-objects.js';
import type { ReceiverResponse } from '../ports.js';
import { createDeliveryQueue, type DeliveryQueueDeps, type DeliveryQueueOptions } from './delivery-queue.js';

type Behaviour = (attempt: number, signal: AbortSignal) => Promise<ReceiverResponse>;

const answers = (...statuses: readonly number[]): Behaviour => {
  return (attempt) => Promise.resolve({ status: statuses[attempt - 1] ?? statuses.at(-1) ?? 200, body: '' });
};
const hangs: Behaviour = (_attempt, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });

function delivery(event: 'create' | 'remove', change: Partial<Delivery> = {}): Delivery {
  return {
    objectId: 'a',
    name: 'web',
    receiver: aReceiver(event),
    parameters: { serviceName: 'web' },
    revision: 'r1',
    after: [],
    singleAttempt: false,
    ...change,
  };
}

function world(
  behaviour: (delivery: Delivery) => Behaviour,
  change: Partial<DeliveryQueueOptions & DeliveryQueueDeps> = {},
) {
  const log: string[] = [];
  const settled = new Map<Delivery, Outcome>();
  const ends = new Map<Delivery, () => void>();
  const made = new Map<Delivery, number>();
  const deps: DeliveryQueueDeps = {
    notifier: {
      send(one, signal) {
        const attempt = (made.get(one) ?? 0) + 1;
        made.set(one, attempt);
        log.push(`${one.receiver.event} ${one.name}`);
        return behaviour(one)(attempt, signal);
      },
    },
    onSettled(one, outcome) {
      settled.set(one, outcome);
      ends.get(one)?.();
    },
    metrics: { started: () => undefined, attempt: () => undefined, settled: () => undefined },
    logger: silentLogger(),
  };
  const options = { kind: 'service', retries: 3, retryIntervalMs: 1, maxPerReceiver: 2 } as const;
  const queue = createDeliveryQueue({ ...deps, ...change }, { ...options, ...change });
  return {
    queue,
    log,
    settled,
    attempts: (one: Delivery) => made.get(one) ?? 0,
    async outcome(one: Delivery): Promise<Outcome | undefined> {
      if (!settled.has(one)) await new Promise<void>((resolve) => ends.set(one, resolve));
      return settled.get(one);
    },
  };
}

test.each<[string, 'create' | 'remove', Outcome, number, Behaviour]>([
  ['200', 'create', 'delivered', 1, answers(200)],
  ['201', 'create', 'delivered', 1, answers(201)],
  ['204', 'remove', 'delivered', 1, answers(204)],
  ['409 for a create', 'create', 'rejected', 1, answers(409)],
  ['409 for a remove', 'remove', 'delivered', 2, answers(409, 200)],
  ['500, then 200', 'create', 'delivered', 2, answers(500, 200)],
  ['400 for ever', 'create', 'given up', 4, answers(400)],
  ['no answer for ever', 'create', 'given up', 4, () => Promise.reject(new Error('refused'))],
])('%s: a %s is %s after %d attempts', async (_what, event, outcome, attempts, behaviour) => {
  const { queue, attempts: made, outcome: ended } = world(() => behaviour);
  const one = delivery(event);
  queue.start(one);
  expect(await ended(one)).toBe(outcome);
  expect(made(one)).toBe(attempts);
});

test.each([
  ['without an interval there is one attempt', { retryIntervalMs: 0 }, {}],
  ['negative retries still mean one attempt', { retries: -5 }, {}],
  ['what is said only in passing is tried once', {}, { singleAttempt: true }],
])('%s', async (_claim, options, change) => {
  const { queue, attempts, outcome } = world(() => answers(500), options);
  const one = delivery('create', change);
  queue.start(one);
  expect(await outcome(one)).toBe('given up');
  expect(attempts(one)).toBe(1);
});

describe('a cancelled request under way', () => {
  const started = async (attempts: (one: Delivery) => number, one: Delivery) => {
    while (attempts(one) === 0) await settled();
  };

  test('may still be read, so what is newer comes after it', async () => {
    let answer: (() => void) | undefined;
    const slow: Behaviour = () =>
      new Promise((resolve) => (answer = () => resolve({ status: 200, body: '' })));
    const { queue, attempts, outcome, log } = world((one) =>
      one.receiver.event === 'remove' ? slow : answers(200),
    );
    const [remove, create, elsewhere] = [
      delivery('remove'),
      delivery('create'),
      delivery('create', { name: 'other', receiver: aReceiver('create', 'other:1') }),
    ];
    queue.start(remove);
    await started(attempts, remove);
    queue.cancel(remove);
    for (const one of [create, elsewhere]) queue.start(one);
    expect(await outcome(elsewhere)).toBe('delivered');
    expect(log).toEqual(['remove web', 'create other']);
    answer?.();
    expect(await outcome(create)).toBe('delivered');
    expect(attempts(remove)).toBe(1);
  });

  test('so does the third, when the second was cancelled before it began', async () => {
    let answer: (() => void) | undefined;
    const slow: Behaviour = () =>
      new Promise((resolve) => (answer = () => resolve({ status: 500, body: '' })));
    const { queue, attempts, outcome } = world((one) => (one.revision === 'r1' ? slow : answers(200)));
    const [first, second, third] = ['r1', 'r2', 'r3'].map((revision) => delivery('create', { revision }));
    if (!first || !second || !third) throw new Error('three deliveries');
    queue.start(first);
    await started(attempts, first);
    queue.cancel(first);
    queue.start(second);
    queue.cancel(second);
    queue.start(third);
    expect(await outcome(second)).toBe('cancelled');
    expect([first, second, third].map(attempts)).toEqual([1, 0, 0]);
    answer?.();
    expect(await outcome(third)).toBe('delivered');
    expect(await outcome(first)).toBe('cancelled');
    expect([first, second, third].map(attempts)).toEqual([1, 0, 1]);
  });

  test('is aborted when it hangs, and holds what is newer no longer than that', async () => {
    const clock = createFakeClock();
    const { queue, attempts, outcome } = world(
      (one) => (one.receiver.event === 'create' ? hangs : answers(200)),
      { clock },
    );
    const [create, remove] = [delivery('create'), delivery('remove')];
    queue.start(create);
    await started(attempts, create);
    queue.cancel(create);
    queue.start(remove);
    await clock.advance(999);
    expect([create, remove].map(attempts)).toEqual([1, 0]);
    await clock.advance(1);
    expect(await outcome(create)).toBe('cancelled');
    expect(await outcome(remove)).toBe('delivered');
    expect(clock.sleepers()).toBe(0);
  });
});

test.each([
  ['at another host', 'slow:1'],
  ['at the same host', 'proxy:8080'],
])('a receiver that hangs does not hold one %s', async (_where, host) => {
  const stuck = aReceiver('create', host);
  const { queue, outcome, attempts } = world((one) => (one.receiver === stuck ? hangs : answers(200)));
  const slow = Array.from({ length: 5 }, () => delivery('create', { receiver: stuck }));
  const quick = delivery('create');
  for (const one of [...slow, quick]) queue.start(one);
  expect(await outcome(quick)).toBe('delivered');
  // Requests under way to one receiver are bounded.
  expect(slow.map(attempts)).toEqual([1, 1, 0, 0, 0]);
  for (const one of slow) queue.cancel(one);
  expect(await outcome(slow[4] ?? quick)).toBe('cancelled');
});

test('a create waits for the first attempt of the remove before it, however that ends', async () => {
  const { queue, outcome, log } = world(
    (one) => (one.receiver.event === 'remove' ? answers(500) : answers(200)),
    {
      retryIntervalMs: 60_000,
    },
  );
  const remove = delivery('remove', { name: 'old' });
  const create = delivery('create', { after: [remove] });
  queue.start(remove);
  queue.start(create);
  expect(await outcome(create)).toBe('delivered');
  expect(log).toEqual(['remove old', 'create web']);
  queue.cancel(remove);
});

test('at the end attempts under way get their time, waits between attempts do not', async () => {
  let release: (() => void) | undefined;
  const { queue, outcome } = world(
    (one) =>
      one.name === 'slow'
        ? () => new Promise((resolve) => (release = () => resolve({ status: 200, body: '' })))
        : answers(500),
    { retryIntervalMs: 60_000 },
  );
  const [slow, waiting] = [delivery('create', { name: 'slow' }), delivery('create')];
  queue.start(slow);
  queue.start(waiting);
  while (release === undefined) await new Promise(setImmediate);
  const drained = queue.drain(30_000);
  expect(await outcome(waiting)).toBe('cancelled');
  release();
  await drained;
  expect(await outcome(slow)).toBe('delivered');
});

test.each<[string, Partial<Delivery>, readonly string[]]>([
  [
    'a create is said to be tried again, then to be given up',
    {},
    [
      'warn Retrying service created notification to http://proxy:8080/create (1 try)',
      'debug Retrying service created notification to http://proxy:8080/create (2 try)',
      'error Giving up service created notification',
    ],
  ],
  [
    'what is said only in passing is not said to be tried again',
    { receiver: aReceiver('remove'), singleAttempt: true },
    ['warn Not repeated: service removed notification, its create follows'],
  ],
])('%s', async (_claim, change, lines) => {
  const said: string[] = [];
  const say = (level: string) => (message: string) => {
    if (!message.startsWith('Sending')) said.push(`${level} ${message}`);
  };
  const { queue, outcome } = world(() => answers(500), {
    retries: 2,
    logger: { ...silentLogger(), debug: say('debug'), warn: say('warn'), error: say('error') },
  });
  const one = delivery('create', change);
  queue.start(one);
  await outcome(one);
  expect(said).toEqual(lines);
});
