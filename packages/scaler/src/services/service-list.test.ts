import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createScalerMetrics } from '../metrics.js';
import { createServiceList } from './service-list.js';
import { createWorld } from '../testing/world.js';

test('whoever shows the list hears when Docker was asked in vain, and when it answers again', async () => {
  const { swarm, state, config, clock } = createWorld();
  swarm.add({ name: 'web', replicas: 2, labels: { 'com.df.scaleMin': '1' } });
  const metrics = createScalerMetrics(new Registry());
  const list = createServiceList({ swarm, state, metrics, config: config.scaling, now: () => clock.nowMs });
  const heard: string[] = [];
  list.onRefresh((services) => heard.push(services.map(({ name }) => name).join()));
  list.onFailure((reason) => heard.push(reason));
  swarm.fail(1);
  await expect(list.refresh()).rejects.toThrow();
  await list.refresh();
  expect(heard).toEqual([expect.stringContaining('Docker'), 'web']);
});
