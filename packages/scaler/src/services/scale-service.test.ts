import { expect, test } from '@jest/globals';
import { scaleService, type ScaleServiceOptions } from './scale-service.js';
import { ScaleError } from './write-replicas.js';
import { createWorld } from '../testing/world.js';

const labels = { 'com.df.scaleMin': '1', 'com.df.scaleMax': '50' };

function up(change: Partial<ScaleServiceOptions> = {}): ScaleServiceOptions {
  const request = { kind: 'step', direction: 'up', by: undefined } as const;
  return { service: 'web', request, dryRun: false, group: undefined, ...change };
}

function groupOf(key: string): ScaleServiceOptions['group'] {
  return { key, post: { peer: 'am', firing: ['f1@1'], hidden: 0, atMs: Date.UTC(2026, 0, 1) } };
}

test('ten requests at once, by name and by id, are ten steps', async () => {
  const { swarm, scaling } = createWorld();
  swarm.add({ name: 'web', replicas: 2, labels });
  const requests = Array.from({ length: 10 }, (_, i) => up({ service: i % 2 === 0 ? 'web' : 'id-web' }));
  const results = await Promise.all(requests.map((request) => scaleService(request, scaling)));
  expect(results.map(({ decision }) => decision.kind)).toEqual(Array(10).fill('scale'));
  expect(swarm.replicasOf('web')).toBe(12);
});

test('ten posts of one alert group at once are one step', async () => {
  const { swarm, scaling } = createWorld();
  swarm.add({ name: 'web', replicas: 2, labels });
  const requests = Array.from({ length: 10 }, () => up({ group: groupOf('{}:{service="web"}') }));
  const results = await Promise.all(requests.map((request) => scaleService(request, scaling)));
  expect(results.filter(({ decision }) => decision.kind === 'scale')).toHaveLength(1);
  expect(swarm.replicasOf('web')).toBe(3);
});

test('one group that is posted for two services, or in two directions, is a decision for each', async () => {
  const { swarm, scaling } = createWorld();
  swarm.add({ name: 'web', replicas: 2, labels });
  swarm.add({ name: 'api', replicas: 2, labels });
  const group = groupOf('{}');
  await scaleService(up({ group }), scaling);
  await scaleService(up({ group, service: 'api' }), scaling);
  await scaleService(up({ group, request: { kind: 'step', direction: 'down', by: undefined } }), scaling);
  expect(swarm.updates.map(({ replicas }) => replicas)).toEqual([3, 3, 2]);
});

test('when somebody else was faster, the decision is made anew from what is there now', async () => {
  const { swarm, scaling } = createWorld();
  swarm.add({ name: 'web', replicas: 2, labels });
  swarm.loseRaces(3);
  await expect(scaleService(up(), scaling)).resolves.toMatchObject({ decision: { from: 2, to: 3 } });
});

test('races that are lost for ever end with Docker’s message', async () => {
  const { swarm, scaling } = createWorld();
  swarm.add({ name: 'web', replicas: 2, labels });
  swarm.loseRaces(1_000);
  await expect(scaleService(up(), scaling)).rejects.toThrow('update out of sequence');
});

test('a request that failed is not remembered, so its repetition counts', async () => {
  const { swarm, scaling } = createWorld();
  swarm.add({ name: 'web', replicas: 2, labels });
  swarm.fail(1);
  await expect(scaleService(up({ group: groupOf('g') }), scaling)).rejects.toThrow(ScaleError);
  await scaleService(up({ group: groupOf('g') }), scaling);
  expect(swarm.replicasOf('web')).toBe(3);
});

test('a dry run decides, changes nothing and is not remembered', async () => {
  const { swarm, scaling } = createWorld();
  swarm.add({ name: 'web', replicas: 2, labels });
  const result = await scaleService(up({ dryRun: true, group: groupOf('g') }), scaling);
  expect(result.message).toBe('Dry run: Scaling web from 2 to 3 replicas (min: 1, max: 50)');
  await scaleService(up({ group: groupOf('g') }), scaling);
  expect(swarm.updates).toEqual([{ name: 'web', replicas: 3 }]);
});

test.each([
  ['web', { isGlobal: true }, 'web is a global service (can not be scaled)'],
  ['id-web', {}, 'web does not have a replicas value'],
])('%s with %j cannot be scaled', async (service, kind, message) => {
  const { swarm, scaling } = createWorld();
  swarm.add({ name: 'web', ...kind });
  await expect(scaleService(up({ service }), scaling)).rejects.toThrow(message);
});

test('a service that somebody stopped stays stopped, one that the scaler took to 0 comes back', async () => {
  const { swarm, scaling } = createWorld();
  swarm.add({ name: 'web', replicas: 1, labels: { ...labels, 'com.df.scaleMin': '0' } });
  await scaleService(up({ request: { kind: 'step', direction: 'down', by: undefined } }), scaling);
  await expect(scaleService(up(), scaling)).resolves.toMatchObject({ decision: { kind: 'scale', to: 1 } });
  swarm.scaleByHand('web', 0);
  await expect(scaleService(up(), scaling)).resolves.toMatchObject({
    decision: { hold: { why: 'stopped' } },
  });
});
