import { expect, test } from '@jest/globals';
import type { Swarm } from '../ports.js';
import { checkForReset } from './check-for-reset.js';
import { createResetDetection } from './reset-detection.js';
import { scaleService } from '../services/scale-service.js';
import { deployedService } from '../testing/deployed-service.js';
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
        await scaleService({ service: 'web', request, dryRun: false, group: undefined }, scaling);
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

test.each([
  ['a number that was raised in the stack file stays', 6, 'left'],
  ['the old number of the stack file is replaced', 2, 'restored'],
  ['a raised number below the one in force is replaced', 3, 'restored'],
])('%s', async (_, deployed, kind) => {
  const { swarm, state, scaling } = createWorld();
  state.remember('id-web', 'shop_web', (memory) => ({
    ...memory,
    inForce: { replicas: 4, atMs: 1 },
    fileReplicas: 2,
  }));
  const service = deployedService({ replicas: deployed, image: 'web:2' }, { replicas: 4, image: 'web:1' });
  const docker: Swarm = {
    ...swarm,
    inspectService: () => Promise.resolve(service),
    listServices: () => Promise.resolve([service]),
    updateService: () => Promise.resolve(),
  };
  const { queue, config, now } = scaling;
  const detection = createResetDetection({ swarm: docker, state, now });
  const result = await checkForReset('id-web', { swarm: docker, state, queue, config, detection, now });
  expect(result).toMatchObject({ kind });
  expect(state.memoryOf('id-web')?.fileReplicas).toBe(deployed);
});
