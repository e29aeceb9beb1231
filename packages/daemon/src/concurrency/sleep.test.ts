import { expect, test } from '@jest/globals';
import { sleep } from './sleep.js';

test('a sleep ends at its time', async () => {
  const startMs = performance.now();
  await sleep(20);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(19);
});

test('a sleep ends at once when the signal aborts, also when it has aborted before', async () => {
  const stop = new AbortController();
  const sleeping = sleep(3_600_000, stop.signal);
  stop.abort();
  await sleeping;
  await expect(sleep(3_600_000, stop.signal)).resolves.toBeUndefined();
});
