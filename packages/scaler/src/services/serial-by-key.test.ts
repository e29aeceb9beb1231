import { expect, test } from '@jest/globals';
import { createKeyedQueue } from './serial-by-key.js';

function recorder() {
  const queue = createKeyedQueue();
  const log: string[] = [];
  const work =
    (name: string, ms = 5) =>
    async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, ms));
      log.push(`${name} ends`);
    };
  return { queue, log, work };
}

test('work for one key runs one after the other, other keys at the same time', async () => {
  const { queue, log, work } = recorder();
  await Promise.all([queue.run('web', work('a')), queue.run('web', work('b')), queue.run('api', work('c'))]);
  expect(log.indexOf('a ends')).toBeLessThan(log.indexOf('b begins'));
  expect(log.indexOf('c begins')).toBeLessThan(log.indexOf('a ends'));
});

test('work that fails does not stop what waits behind it', async () => {
  const { queue, log, work } = recorder();
  const failing = queue.run('web', () => Promise.reject(new Error('no')));
  const next = queue.run('web', work('b'));
  await expect(failing).rejects.toThrow('no');
  await next;
  expect(log).toEqual(['b begins', 'b ends']);
});

test('a name learnt meanwhile keeps the order of what already waits under it', async () => {
  const { queue, log, work } = recorder();
  const first = queue.run('web', async () => {
    queue.alias('web', 'id-web');
    await work('a')();
  });
  const second = queue.run('web', work('b'));
  await new Promise((resolve) => setTimeout(resolve, 1));
  const third = queue.run('id-web', work('c'));
  await Promise.all([first, second, third]);
  expect(log.filter((line) => line.endsWith('begins'))).toEqual(['a begins', 'b begins', 'c begins']);
  expect(log.indexOf('b ends')).toBeLessThan(log.indexOf('c begins'));
});
