import { expect, test } from '@jest/globals';
import { createMinimumEnforcer } from './enforce-minimum.js';
import { until } from '../testing/until.js';
import { createWorld } from '../testing/world.js';

test('services below the minimum of their own label are raised, except those at 0', async () => {
  const { swarm, state, list, reporters, scaling, messages } = createWorld();
  const label = { 'com.df.scaleMin': '3' };
  swarm.add({ name: 'low', replicas: 1, labels: label });
  swarm.add({ name: 'stopped', replicas: 0, labels: label });
  swarm.add({ name: 'paused', replicas: 1, labels: { ...label, 'com.df.scalePaused': 'true' } });
  swarm.add({ name: 'unlabelled', replicas: 1 });
  swarm.add({ name: 'right', replicas: 3, labels: label });
  const eager = { ...scaling, config: { ...scaling.config, enforceMinIntervalMs: 1 } };
  const stop = new AbortController();
  const running = createMinimumEnforcer({ list, scaling: eager, reporters }).run(stop.signal);
  await until(() => swarm.updates.length > 0);
  stop.abort();
  await running;
  expect(swarm.updates).toEqual([{ name: 'low', replicas: 3 }]);
  expect(state.activities()).toMatchObject([{ service: 'low', outcome: 'raised', from: 1, to: 3 }]);
  expect(messages).toEqual(['low was scaled from 1 to 3 replicas']);
});
