import { expect, test } from '@jest/globals';
import { settled } from '../testing/fake-clock.js';
import { createSerialQueue, DroppedError } from './serial-queue.js';

function recorder(maxWaiting?: number) {
  const queue = createSerialQueue(maxWaiting === undefined ? {} : { maxWaiting });
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  /** Work that ends when the test says so. */
  const work = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    log.push(`${name} ends`);
    return name;
  };
  async function end(name: string): Promise<void> {
    ends.get(name)?.();
    await settled();
  }
  return { queue, log, work, end };
}

test('work for one key runs one after the other, other keys at the same time', async () => {
  const { queue, log, work, end } = recorder();
  const done = [queue.run('web', work('a')), queue.run('web', work('b')), queue.run('api', work('c'))];
  await settled();
  expect(log).toEqual(['a begins', 'c begins']);
  await end('a');
  expect(log).toEqual(['a begins', 'c begins', 'a ends', 'b begins']);
  await end('b');
  await end('c');
  expect(await Promise.all(done)).toEqual(['a', 'b', 'c']);
});

test('work that fails does not stop what waits behind it', async () => {
  const { queue, work, end } = recorder();
  const failing = queue.run('web', () => Promise.reject(new Error('no')));
  const next = queue.run('web', work('b'));
  await expect(failing).rejects.toThrow('no');
  await end('b');
  expect(await next).toBe('b');
});

test('a name learnt meanwhile keeps the order of what already waits under it', async () => {
  const { queue, log, work, end } = recorder();
  const first = queue.run('web', () => {
    queue.alias('web', 'id-web');
    return work('a')();
  });
  const second = queue.run('web', work('b'));
  const third = queue.run('id-web', work('c'));
  const fourth = queue.run('web', work('d'));
  await settled();
  for (const name of ['a', 'b', 'c', 'd']) {
    expect(log.at(-1)).toBe(`${name} begins`);
    await end(name);
  }
  expect(await Promise.all([first, second, third, fourth])).toEqual(['a', 'b', 'c', 'd']);
});

test('when too much waits the oldest is given up, not what is under way', async () => {
  const { queue, work, end } = recorder(2);
  const results = ['a', 'b', 'c', 'd'].map((name) => queue.run('web', work(name)));
  await expect(results[1]).rejects.toThrow(DroppedError);
  for (const name of ['a', 'c', 'd']) await end(name);
  expect(await Promise.all([results[0], results[2], results[3]])).toEqual(['a', 'c', 'd']);
});

test('is idle when everything has ended', async () => {
  const { queue, work, end } = recorder();
  await queue.idle();
  void queue.run('web', work('a'));
  void queue.run('web', work('b'));
  let idle = false;
  const waiting = queue.idle().then(() => (idle = true));
  await end('a');
  expect(idle).toBe(false);
  await end('b');
  await waiting;
  expect(idle).toBe(true);
});

test('work that throws before it waits for anything fails its caller only', async () => {
  const { queue } = recorder();
  const failing = queue.run('web', () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await queue.run('web', () => Promise.resolve(1))).toBe(1);
});
