import { expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createFakeClock } from '@docker-flow/daemon/testing/fake-clock';
import { createFakePeople } from './testing/people.fake.js';
import { createDatabaseActor } from './database.js';

test('is ready once the database answers, however late', async () => {
  const people = createFakePeople();
  people.failWith(new Error('starting up'));
  const clock = createFakeClock();
  const actor = createDatabaseActor(people, silentLogger(), clock);
  const stop = new AbortController();
  const running = actor.run(stop.signal);
  await clock.advance(60_000);
  expect(actor.notReady()).toBe('the database does not answer yet');
  people.failWith(undefined);
  await clock.advance(5_000);
  expect(actor.notReady()).toBeUndefined();
  stop.abort();
  await running;
});

test('stops while it waits', async () => {
  const people = createFakePeople();
  people.failWith(new Error('gone'));
  const stop = new AbortController();
  const running = createDatabaseActor(people, silentLogger(), createFakeClock()).run(stop.signal);
  stop.abort();
  await expect(running).resolves.toBeUndefined();
});
