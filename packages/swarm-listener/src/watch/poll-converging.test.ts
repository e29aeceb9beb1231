import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startServiceWatch } from '../testing/service-watch.js';
import { aService, aTask } from '../testing/swarm-objects.js';
import { pollConverging } from './poll-converging.js';

const waits = { 'com.df.notify': 'true', 'com.df.scrapeNetwork': 'monitor' };
let stop: AbortController;
beforeEach(() => {
  stop = new AbortController();
});
afterEach(() => stop.abort());

/** Calls to Docker that were under way when the leader went hang until their limit; later ones are answered. */
test('a look that hangs until its limit puts the next one off by a second, not by a multiple of its time', async () => {
  const LIMIT_MS = 10_000;
  let isLeaderGone = true;
  const service = aService({ labels: waits, stabilityWindowMs: 500 });
  const watch = startServiceWatch({
    inspectService: () => Promise.resolve(service),
    async listTasks() {
      if (!isLeaderGone) return [aTask()];
      isLeaderGone = false;
      await watch.clock.sleep(LIMIT_MS);
      throw new Error(`no answer within ${LIMIT_MS} ms`);
    },
  });
  const { model, converging, clock, told } = watch;
  model.observe(service.id, { service }, 'event', 0);
  converging.watch(service.id);
  void pollConverging(watch, stop.signal);
  await clock.advance(200 + LIMIT_MS);
  expect(told).toEqual([]);
  await clock.advance(2_000);
  expect(told[0]).toMatchObject({ kind: 'present', id: service.id });
});

test('a look that is answered late by chance puts the next one off by some seconds at most', async () => {
  let isSlow = true;
  const service = aService({ labels: waits, stabilityWindowMs: 500 });
  const watch = startServiceWatch({
    inspectService: () => Promise.resolve(service),
    async listTasks() {
      if (isSlow) await watch.clock.sleep(9_000);
      isSlow = false;
      return [aTask()];
    },
  });
  const { model, converging, clock, told } = watch;
  model.observe(service.id, { service }, 'event', 0);
  converging.watch(service.id);
  void pollConverging(watch, stop.signal);
  await clock.advance(200 + 9_000);
  await clock.advance(6_000);
  expect(told[0]).toMatchObject({ kind: 'present', id: service.id });
});
