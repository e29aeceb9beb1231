import { expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { aNode, aService, aTask, someRules } from '../testing/swarm-objects.js';
import { createServiceModel, type ServiceAction } from '../core/services/service-model.js';
import { createObservationOrder } from './observation-order.js';
import type { ListenerMetrics } from '../metrics.js';
import type { Docker } from '../ports.js';
import { memoizeObservations } from './task-snapshot.js';
import type { ConvergingServices } from './converging-services.js';
import { pollTasks } from './poll-tasks.js';

test('a look at the tasks that fails is made again soon, not after the longest pause', async () => {
  const rules = someRules({ nodeInfo: 'with addresses', waitFor: 'none' });
  const service = aService({ labels: { 'com.df.notify': 'true', 'com.df.scrapeNetwork': 'monitor' } });
  const model = createServiceModel(rules);
  model.observe(service.id, { service }, 'event', 0);
  const stop = new AbortController();
  const watched: string[] = [];
  const failed: string[] = [];
  let asked = 0;
  const docker: Partial<Docker> = {
    listTasks() {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('no quorum')) : Promise.resolve([aTask()]);
    },
    listNodes: () => Promise.resolve([aNode()]),
  };
  const told = await new Promise<readonly ServiceAction[]>((resolve) => {
    const dispatcher = { dispatch: resolve };
    void pollTasks(
      {
        docker: docker as Docker,
        observations: memoizeObservations(rules.nodeInfo),
        model,
        dispatcher,
        order: createObservationOrder(),
        converging: {
          watch: (id: string) => watched.push(id),
        } as Partial<ConvergingServices> as ConvergingServices,
        metrics: () =>
          ({ failed: (what: string) => failed.push(what) }) as Partial<ListenerMetrics> as ListenerMetrics,
        logger: silentLogger(),
        nowMs: () => performance.now(),
        maxPauseMs: 600_000,
      },
      stop.signal,
    );
  });
  stop.abort();
  expect(failed).toEqual(['pollTasks']);
  expect(told).toMatchObject([{ kind: 'present', id: service.id }]);
  expect(model.nodeInfo(service.id)).toBe('[["host-1","10.0.1.5","node-1"]]');
  expect(watched).toEqual([service.id]);
});
