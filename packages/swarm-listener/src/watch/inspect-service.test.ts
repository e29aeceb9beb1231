import { afterEach, expect, test } from '@jest/globals';
import { createMetrics } from '@docker-flow/daemon/metrics';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { aNode, aService, aTask, someRules } from '../testing/swarm-objects.js';
import { createServiceModel } from '../core/services/service-model.js';
import { createObservationOrder } from './observation-order.js';
import { createListenerMetrics } from '../metrics.js';
import type { Docker } from '../ports.js';
import { createConvergingServices } from './converging-services.js';
import { inspectService } from './inspect-service.js';

const stop = new AbortController();
afterEach(() => stop.abort());

test('a change is not lost when a quick look at the tasks overtakes the look that has seen it', async () => {
  const labels = { 'com.df.notify': 'true', 'com.df.scrapeNetwork': 'monitor' };
  const [before, after] = [aService({ labels }), aService({ labels: { ...labels, 'com.df.port': '81' } })];
  // The first to ask for tasks, which is the look because of the event, gets them last.
  const asked: (() => void)[] = [];
  const docker: Partial<Docker> = {
    inspectService: () => Promise.resolve(after),
    listNodes: () => Promise.resolve([aNode()]),
    async listTasks() {
      if (asked.length === 0) await new Promise<void>((resolve) => asked.push(resolve));
      else asked.push(() => undefined);
      return [aTask()];
    },
  };
  const rules = someRules({ nodeInfo: 'with addresses', waitFor: 'none' });
  const model = createServiceModel(rules);
  const parts = {
    docker: docker as Docker,
    rules,
    model,
    dispatcher: { dispatch: () => undefined },
    order: createObservationOrder(),
    metrics: () =>
      createListenerMetrics(createMetrics({ program: 'test', version: '0' }), {
        knownServices: () => 0,
        waitingServices: () => 0,
        convergingServices: () => 0,
      }),
    logger: silentLogger(),
    nowMs: () => performance.now(),
  };
  model.observe(
    before.id,
    { service: before, serving: true, nodeInfo: { value: undefined } },
    'initialSync',
    0,
  );
  const converging = createConvergingServices(parts);
  converging.watch(before.id);
  const looked = inspectService({ ...parts, converging }, before.id);
  void converging.run(stop.signal);
  while (model.nodeInfo(before.id) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  asked[0]?.();
  await looked;
  expect(model.service(before.id)).toBe(after);
});
