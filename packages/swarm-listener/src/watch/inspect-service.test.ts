import { afterEach, expect, test } from '@jest/globals';
import { settled } from '@docker-flow/daemon/testing/fake-clock';
import { startServiceWatch } from '../testing/service-watch.js';
import { aService, aTask } from '../testing/swarm-objects.js';
import { inspectService } from './inspect-service.js';
import { pollConverging } from './poll-converging.js';

const stop = new AbortController();
afterEach(() => stop.abort());

test('a change is not lost when a quick look at the tasks overtakes the look that has seen it', async () => {
  const labels = { 'com.df.notify': 'true', 'com.df.scrapeNetwork': 'monitor' };
  const [before, after] = [aService({ labels }), aService({ labels: { ...labels, 'com.df.port': '81' } })];
  // The first to ask for tasks, which is the look because of the event, gets them last.
  const asked: (() => void)[] = [];
  const watch = startServiceWatch(
    {
      inspectService: () => Promise.resolve(after),
      async listTasks() {
        if (asked.length === 0) await new Promise<void>((resolve) => asked.push(resolve));
        else asked.push(() => undefined);
        return [aTask()];
      },
    },
    { waitFor: 'none' },
  );
  const { model, converging, clock } = watch;
  model.observe(before.id, { service: before, nodeInfo: { value: undefined } }, 'initialSync', 0);
  converging.watch(before.id);
  const inspected = inspectService(watch, before.id);
  await settled();
  void pollConverging(watch, stop.signal);
  await clock.advance(1_000);
  expect(model.nodeInfo(before.id)).toBeDefined();
  asked[0]?.();
  await inspected;
  expect(model.service(before.id)).toBe(after);
});
