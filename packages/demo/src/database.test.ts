import { expect, test } from '@jest/globals';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createFakePeople } from './testing/people.fake.js';
import { createDatabaseActor } from './database.js';

test('is ready once the database answers, however late', async () => {
  const people = createFakePeople();
  people.failWith(new Error('starting up'));
  const actor = createDatabaseActor(people, silentLogger());
  const stop = new AbortController();
  const running = actor.run(stop.signal);
  expect(actor.notReady()).toBe('the database does not answer yet');
  people.failWith(undefined);
  while (actor.notReady() !== undefined) await sleep(10);
  stop.abort();
  await running;
});

test('stops while it waits', async () => {
  const people = createFakePeople();
  people.failWith(new Error('gone'));
  const stop = new AbortController();
  const running = createDatabaseActor(people, silentLogger()).run(stop.signal);
  stop.abort();
  await expect(running).resolves.toBeUndefined();
});
