import { expect, test } from '@jest/globals';
import type { ListenerClient, Rows } from './listener-client.js';
import { silentLogger } from '../log/logger.js';
import { sleep } from '../concurrency/sleep.js';
import { createServiceTable } from './service-table.js';
import { byServiceName, createSubscription } from './subscription.js';

function listener(answers: (Rows | Error)[]): ListenerClient & { etags: (string | undefined)[] } {
  const etags: (string | undefined)[] = [];
  return {
    address: 'http://l:8080',
    etags,
    getServices({ etag } = {}) {
      etags.push(etag);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return answer instanceof Error || answer === undefined
        ? Promise.reject(answer ?? new Error('none'))
        : Promise.resolve(answer);
    },
  };
}

test('the list is asked for until it works, then again with its ETag', async () => {
  const table = createServiceTable();
  const one = listener([
    new Error('down'),
    { kind: 'rows', rows: [{ serviceName: 'a' }, { x: 'no name' }], etag: '"1"' },
    { kind: 'unchanged' },
  ]);
  const changes: unknown[] = [];
  const stop = new AbortController();
  const subscription = createSubscription({
    listeners: [one],
    beginPull: (source) => table.beginPull(source),
    onChange: (_source, change) => changes.push(change),
    repeatMs: 5,
    firstPauseMs: 5,
    logger: silentLogger(),
  });
  const running = subscription.run(stop.signal);
  await subscription.askedOnce;
  while (one.etags.length < 4) await sleep(5);
  stop.abort();
  await running;
  expect(one.etags.slice(0, 4)).toEqual([undefined, undefined, '"1"', '"1"']);
  expect(changes).toEqual([{ changed: ['a'], removed: [] }]);
});

test('rows are known by their service; of two rows of one service the last counts', () => {
  const rows = [
    { serviceName: 'a', port: '1' },
    { port: '9' },
    { serviceName: '' },
    { serviceName: 'a', port: '2' },
  ];
  expect([...byServiceName(rows)]).toEqual([['a', { serviceName: 'a', port: '2' }]]);
});
