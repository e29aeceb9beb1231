import { expect, test } from '@jest/globals';
import { createWaker } from './wakeable.js';

const { signal } = new AbortController();

test('a call that came before the wait is not lost, and ends one wait only', async () => {
  const waker = createWaker();
  waker.wake();
  waker.wake();
  await waker.wait(signal);
  let ended = false;
  const second = waker.wait(signal).then(() => (ended = true));
  await new Promise(setImmediate);
  expect(ended).toBe(false);
  waker.wake();
  await second;
});

test('a wait ends after its time, and when the signal aborts', async () => {
  await expect(createWaker().wait(signal, 1)).resolves.toBeUndefined();
  await expect(createWaker().wait(AbortSignal.abort())).resolves.toBeUndefined();
  const stop = new AbortController();
  const waiting = createWaker().wait(stop.signal);
  stop.abort();
  await expect(waiting).resolves.toBeUndefined();
});
