import { expect, test } from '@jest/globals';
import { startServiceWatch } from '../testing/service-watch.js';
import { aService, aTask } from '../testing/swarm-objects.js';
import { pollTasks } from './poll-tasks.js';

test('a look at the tasks that fails is made again soon, not after the longest pause', async () => {
  let asked = 0;
  const watch = startServiceWatch(
    {
      listTasks() {
        asked += 1;
        return asked === 1 ? Promise.reject(new Error('no quorum')) : Promise.resolve([aTask()]);
      },
    },
    { waitFor: 'none' },
  );
  const { model, clock, converging, told, failed } = watch;
  const service = aService({ labels: { 'com.df.notify': 'true', 'com.df.scrapeNetwork': 'monitor' } });
  model.observe(service.id, { service }, 'event', 0);
  const stop = new AbortController();
  const ended = pollTasks(watch, { maxPauseMs: 600_000 }, stop.signal);
  await clock.advance(2_000);
  stop.abort();
  await ended;
  expect(failed).toEqual(['pollTasks']);
  expect(told).toMatchObject([{ kind: 'present', id: service.id }]);
  expect(model.nodeInfo(service.id)).toBe('[["host-1","10.0.1.5","node-1"]]');
  expect(converging.size()).toBe(1);
});

test('that tasks cannot be listed is said once, and again after it has worked', async () => {
  const answers = ['no', 'no', 'no', 'yes', 'no'];
  const watch = startServiceWatch(
    {
      listTasks: () =>
        answers.shift() === 'yes' ? Promise.resolve([]) : Promise.reject(new Error('no quorum')),
    },
    { waitFor: 'none' },
  );
  const service = aService({ labels: { 'com.df.notify': 'true', 'com.df.scrapeNetwork': 'monitor' } });
  watch.model.observe(service.id, { service }, 'event', 0);
  const warnings: string[] = [];
  const logger = { ...watch.logger, warn: (message: string) => void warnings.push(message) };
  const stop = new AbortController();
  const ended = pollTasks({ ...watch, logger }, { maxPauseMs: 1_000 }, stop.signal);
  await watch.clock.advance(4_200);
  stop.abort();
  await ended;
  expect(watch.failed).toHaveLength(4);
  expect(warnings).toHaveLength(2);
});
