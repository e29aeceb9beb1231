import { expect, test } from '@jest/globals';
import type { Swarm } from '../ports.js';
import { createJudging, lookAtService } from './restore-service.js';
import { scaleService } from '../services/scale-service.js';
import { createWorld } from '../testing/world.js';

test('a look that read the service before its first scaling does not take the old count for somebody’s', async () => {
  const { swarm, state, scaling } = createWorld();
  swarm.add({ name: 'web', replicas: 2, labels: { 'com.df.scaleMin': '1' } });
  let isScaled = false;
  const slow: Swarm = {
    ...swarm,
    async inspectService(id) {
      const service = await swarm.inspectService(id);
      if (!isScaled) {
        isScaled = true;
        const ask = { kind: 'step', direction: 'up', by: undefined } as const;
        await scaleService({ service: 'web', ask, dryRun: false, groupKey: undefined }, scaling);
      }
      return service;
    },
  };
  const { queue, config, now } = scaling;
  const parts = { swarm: slow, state, queue, config, judging: createJudging(), now };
  await expect(lookAtService('id-web', parts)).resolves.toMatchObject({ kind: 'again' });
  await expect(lookAtService('id-web', parts)).resolves.toEqual({ kind: 'nothing' });
  expect(state.memoryOf('id-web')?.inForce?.replicas).toBe(3);
});
