import { expect, test } from '@jest/globals';
import { createWorld } from '../testing/world.js';
import { scaleService } from './scale-service.js';

const request = { kind: 'step', direction: 'up', by: undefined } as const;

function labelsOf(stack: string, shortName = 'true') {
  return { 'com.df.shortName': shortName, 'com.docker.stack.namespace': stack, 'com.df.scaleMax': '9' };
}

test('an alert names the service as swarm-listener announced it: without its stack', async () => {
  const { swarm, scaling } = createWorld();
  swarm.add({ name: 'shop_web', replicas: 2, labels: labelsOf('shop', '"true"') });
  await scaleService({ service: 'web', request, dryRun: false, group: undefined }, scaling);
  expect(swarm.replicasOf('shop_web')).toBe(3);
});

test('of two services with one short name neither is meant', async () => {
  const { swarm, scaling } = createWorld();
  for (const stack of ['shop', 'test'])
    swarm.add({ name: `${stack}_web`, replicas: 2, labels: labelsOf(stack) });
  await expect(
    scaleService({ service: 'web', request, dryRun: false, group: undefined }, scaling),
  ).rejects.toThrow('No such service: web');
});

test('a service without the label is not found by half its name', async () => {
  const { swarm, scaling } = createWorld();
  swarm.add({ name: 'shop_web', replicas: 2, labels: labelsOf('shop', 'false') });
  await expect(
    scaleService({ service: 'web', request, dryRun: false, group: undefined }, scaling),
  ).rejects.toThrow('No such service: web');
});
