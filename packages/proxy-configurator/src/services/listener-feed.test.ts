import { expect, test } from '@jest/globals';
import { createServiceTable } from '@docker-flow/daemon/feed/service-table';
import type { HttpRequest } from '@docker-flow/daemon/http/client';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Parameters } from '@docker-flow/labels';
import { createListenerFeed } from './listener-feed.js';

const WEB: Parameters = { serviceName: 'web', servicePath: '/', port: '80' };
const API: Parameters = { serviceName: 'api', servicePath: '/api', port: '80' };

interface TakenList {
  readonly list: readonly string[];
  readonly removed: readonly string[];
}

/** Listeners that answer with the given lists one after the other, the last one again and again. */
function world(
  addresses: readonly string[],
  answers: (readonly Parameters[] | Error | number)[],
  restored: readonly Parameters[] = [],
  /** Resolves when what was taken over is live. */
  live = Promise.resolve(),
) {
  const asked: string[] = [];
  const taken: TakenList[] = [];
  const listed: string[][] = [];
  const table = createServiceTable();
  const http = {
    request({ url }: HttpRequest) {
      asked.push(url);
      if (url.includes('dead')) return Promise.reject(new Error('ECONNREFUSED'));
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) return Promise.reject(answer);
      if (typeof answer === 'number') return Promise.resolve({ status: answer, headers: {}, body: '' });
      return Promise.resolve({ status: 200, headers: {}, body: JSON.stringify(answer) });
    },
  };
  const requests = {
    replaceAll(list: readonly Parameters[], removed: readonly string[], onStored?: () => void) {
      taken.push({ list: list.map(({ serviceName = '' }) => serviceName), removed });
      onStored?.();
      return live;
    },
  };
  const listeners = createListenerFeed(
    {
      http,
      table,
      requests,
      onList: () => listed.push(table.list().flatMap(([name]) => (table.isListed(name) ? [name] : []))),
      logger: silentLogger(),
    },
    { addresses, restored, intervalMs: 1, waitsBeforeFetch: false, repeatMs: 1 },
  );
  return { listeners, asked, taken, listed, table };
}

async function runUntil({ listeners }: ReturnType<typeof world>, done: () => boolean): Promise<void> {
  const stop = new AbortController();
  const running = listeners.actor.run(stop.signal);
  for (let tries = 0; tries < 1_000 && !done(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 1));
  stop.abort();
  await running;
  expect(done()).toBe(true);
}

test('all services of a listener are taken over in one go, and only then a fetch has succeeded', async () => {
  const one = world(['listener'], [new Error('ECONNREFUSED'), [WEB, API]]);
  expect(one.listeners.hasFetched()).toBe(false);
  await runUntil(one, () => one.listeners.hasFetched());
  expect(one.asked[0]).toMatch(/^http:\/\/listener:8080\/v1\/docker-flow-swarm-listener\/get-services\b/);
  expect(one.taken).toEqual([{ list: ['web', 'api'], removed: [] }]);
});

test('services that are gone from a complete list are removed', async () => {
  const one = world(['listener'], [[WEB, API], [API]]);
  await runUntil(one, () => one.taken.length > 1);
  expect(one.taken[1]).toEqual({ list: [], removed: ['web'] });
});

test('an empty list after one that was not is believed only when it comes twice', async () => {
  const one = world(['listener'], [[WEB], [], [WEB], [WEB, API]]);
  await runUntil(one, () => one.taken.length > 1);
  expect(one.taken[1]).toEqual({ list: ['api'], removed: [] });
  const other = world(['listener'], [[WEB], []]);
  await runUntil(other, () => other.taken.length > 1);
  expect(other.taken[1]).toEqual({ list: [], removed: ['web'] });
});

test('asked to pull, every listener is asked at once and what it says taken over', async () => {
  const one = world(['a', 'b'], [[WEB]]);
  await one.listeners.pull();
  expect(one.asked).toHaveLength(2);
  expect(one.taken).toEqual([{ list: ['web'], removed: [] }]);
});

test('a listener that does not answer a pull costs nobody anything', async () => {
  const one = world(['a'], [new Error('ECONNREFUSED')]);
  await expect(one.listeners.pull()).resolves.toBeUndefined();
});

test('failures to notify are joined as of old', async () => {
  const one = world(['a', 'http://b:9090'], [500, new Error('no such host')]);
  await expect(one.listeners.notifyServices()).rejects.toThrow(
    'Swarm Listener responded with the status code 500 (http://a:8080/v1/docker-flow-swarm-listener/notify-services) ,no such host',
  );
  expect(one.asked[1]).toBe('http://b:9090/v1/docker-flow-swarm-listener/notify-services');
});

test('a service of the last run goes when the listener does not name it any more', async () => {
  const one = world(['listener'], [[API]], [WEB, API]);
  await runUntil(one, () => one.taken.length > 0);
  expect(one.taken).toEqual([{ list: [], removed: ['web'] }]);
});

test('services of the last run stay while one of two listeners has not answered', async () => {
  const one = world(['alive', 'dead'], [[API]], [WEB, API]);
  await runUntil(one, () => one.listeners.hasFetched() && one.asked.length > 4);
  expect(one.taken).toEqual([]);
});

test('an empty list after a restart is believed the second time only', async () => {
  const one = world(['listener'], [[], []], [WEB]);
  await runUntil(one, () => one.taken.length > 0);
  expect(one.asked.length).toBeGreaterThanOrEqual(2);
  expect(one.taken[0]?.removed).toEqual(['web']);
});

test('a service that was registered by hand is in no list, and stays', async () => {
  const one = world(['listener'], [[API]]);
  one.table.upsert('by-hand', { serviceName: 'by-hand' });
  await runUntil(one, () => one.listeners.hasFetched());
  expect(one.listed[0]).toEqual(['api']);
  expect(one.taken).toEqual([{ list: ['api'], removed: [] }]);
  expect(one.table.list().map(([name]) => name)).toEqual(['api', 'by-hand']);
});

test('the first list is there before it is live, as the first configuration waits for it', async () => {
  const one = world(['listener'], [[WEB]], [], new Promise(() => undefined));
  let isThere = false;
  void one.listeners.firstList.then(() => (isThere = true));
  await runUntil(one, () => isThere);
  expect(one.taken).toEqual([{ list: ['web'], removed: [] }]);
  expect(one.listeners.hasFetched()).toBe(false);
});

test('a listener that has no services is waited for no longer', async () => {
  const one = world(['listener'], [[]]);
  let isOver = false;
  void one.listeners.firstList.then(() => (isOver = true));
  await runUntil(one, () => isOver);
  expect(one.taken).toEqual([]);
});

test('one that does not answer has given no first list, and is asked again', async () => {
  const one = world(['listener'], [new Error('ECONNREFUSED'), 503, [WEB]]);
  let isThere = false;
  void one.listeners.firstList.then(() => (isThere = true));
  await runUntil(one, () => isThere);
  expect(one.asked).toHaveLength(3);
  expect(one.taken).toEqual([{ list: ['web'], removed: [] }]);
});
