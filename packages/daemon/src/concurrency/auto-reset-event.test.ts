import { expect, test } from '@jest/globals';
import { createFakeClock, settled } from '../testing/fake-clock.js';
import { createAutoResetEvent } from './auto-reset-event.js';

const { signal } = new AbortController();

test('a call that came before the wait is not lost, and ends one wait only', async () => {
  const event = createAutoResetEvent();
  event.set();
  event.set();
  await event.wait(signal);
  let ended = false;
  const second = event.wait(signal).then(() => (ended = true));
  await settled();
  expect(ended).toBe(false);
  event.set();
  await second;
  expect(ended).toBe(true);
});

test('of several that wait, one call ends the one that came first', async () => {
  const event = createAutoResetEvent();
  const ended: number[] = [];
  const waits = [1, 2].map((id) => event.wait(signal).then(() => ended.push(id)));
  event.set();
  await waits[0];
  await settled();
  expect(ended).toEqual([1]);
  event.set();
  await waits[1];
  expect(ended).toEqual([1, 2]);
});

test('a wait ends after its time and leaves nothing behind', async () => {
  const clock = createFakeClock();
  const event = createAutoResetEvent(clock);
  let ended = false;
  const waiting = event.wait(signal, 100).then(() => (ended = true));
  await clock.advance(99);
  expect(ended).toBe(false);
  await clock.advance(1);
  await waiting;
  const woken = event.wait(signal, 100);
  event.set();
  await woken;
  expect(clock.sleepers()).toBe(0);
});

test('a wait ends when the signal aborts, also when it has aborted before', async () => {
  const event = createAutoResetEvent();
  await event.wait(AbortSignal.abort());
  const stop = new AbortController();
  const waiting = event.wait(stop.signal);
  stop.abort();
  await expect(waiting).resolves.toBeUndefined();
});
