import { expect, test } from '@jest/globals';
import { settled } from '../testing/fake-clock.js';
import { isAborted, untilAborted } from './until-aborted.js';

test('resolves when the signal aborts, not before', async () => {
  const stop = new AbortController();
  let ended = false;
  const waiting = untilAborted(stop.signal).then(() => (ended = true));
  await settled();
  expect([ended, isAborted(stop.signal)]).toEqual([false, false]);
  stop.abort();
  await waiting;
  expect([ended, isAborted(stop.signal)]).toEqual([true, true]);
});

test('resolves at once when the signal has aborted before', async () => {
  await expect(untilAborted(AbortSignal.abort())).resolves.toBeUndefined();
});
