import { afterEach, expect, test } from '@jest/globals';
import { startServiceWatch } from '../testing/service-watch.js';
import { aService } from '../testing/swarm-objects.js';
import { createServiceWatcher } from './watch-services.js';

const stop = new AbortController();
afterEach(() => stop.abort());

test('of many who want everything sent again the first is served at once, the others together a second later', async () => {
  const services = [aService()];
  const watch = startServiceWatch({ listServices: () => Promise.resolve(services) }, { nodeInfo: 'off' });
  const { clock, told } = watch;
  const watcher = createServiceWatcher(
    { ...watch, events: undefined, onEvent: () => undefined },
    { pollingMs: 0, resyncMs: 0, taskPollingMs: 10_000 },
  );
  void watcher.run(stop.signal);
  await clock.advance(0);
  expect([watcher.hasSynced(), told.length]).toEqual([true, 1]);
  for (let times = 0; times < 20; times += 1) watcher.resend('resend');
  await clock.advance(0);
  for (let times = 0; times < 20; times += 1) watcher.resend('resend');
  await clock.advance(999);
  expect(told).toHaveLength(2);
  await clock.advance(10_000);
  expect(told).toHaveLength(3);
  expect(told.at(-1)).toMatchObject({ kind: 'present', always: true });
});
