import { expect, test } from '@jest/globals';
import type { Swarm } from '../ports.js';
import { checkForReset } from './check-for-reset.js';
import { createResetDetection } from './reset-detection.js';
import { scaleService } from '../services/scale-service.js';
import { createWorld } from '../testing/world.js';

test('a check that read the service before its first scaling does not take the old count for somebody’s', async () => {
  const { swarm, state, scaling } = createWorld();
  swarm.add({ name: 'web', replicas: 2, labels: { 'com.df.scaleMin': '1' } });
  let isScaled = false;
  const slow: Swarm = {
    ...swarm,
    async inspectService(id) {
      const service = await swarm.inspectService(id);
      if (!isScaled) {
        isScaled = true;
        const request = { kind: 'step', direction: 'up', by: undefined } as const;
        await scaleService({ service: 'web', request, dryRun: false, groupKey: undefined }, scaling);
      }
      return service;
    },
  };
  const { queue, config, now } = scaling;
  const detection = createResetDetection({ swarm: slow, state, now });
  const deps = { swarm: slow, state, queue, config, detection, now };
  await expect(checkForReset('id-web', deps)).resolves.toMatchObject({ kind: 'again' });
  await expect(checkForReset('id-web', deps)).resolves.toEqual({ kind: 'nothing' });
  expect(state.memoryOf('id-web')?.inForce?.replicas).toBe(3);
});
