import { expect, test } from '@jest/globals';
import { createWorld } from '../testing/world.js';

test('whoever shows the list hears when it could not be had, and when it is there again', async () => {
  const { swarm, list } = createWorld();
  swarm.add({ name: 'web', replicas: 2, labels: { 'com.df.scaleMin': '1' } });
  const heard: string[] = [];
  list.onRefresh((services) => heard.push(services.map(({ name }) => name).join()));
  list.onFailure((reason) => heard.push(reason));
  swarm.fail(1);
  await expect(list.refresh()).rejects.toThrow();
  await list.refresh();
  expect(heard).toEqual([expect.stringContaining('Docker'), 'web']);
});

test('a minimum above the maximum is told in the list, and the bounds shown are those in force', async () => {
  const { swarm, list } = createWorld();
  swarm.add({ name: 'web', replicas: 1, labels: { 'com.df.scaleMin': '6', 'com.df.scaleMax': '3' } });
  swarm.add({ name: 'api', replicas: 1, labels: { 'com.df.scaleMin': '3', 'com.df.scaleMax': '3' } });
  swarm.add({ name: 'job', replicas: 1, labels: { 'com.df.scaleMin': '6' } });
  await list.refresh();
  expect(list.views().map(({ name, min, max, issues }) => [name, min.value, max.value, issues])).toEqual([
    ['api', 3, 3, []],
    [
      'job',
      5,
      5,
      [
        expect.stringContaining(
          'com.df.scaleMin="6" is above the maximum of 5 (default DEFAULT_MAX_REPLICAS)',
        ),
      ],
    ],
    [
      'web',
      3,
      3,
      [
        'service web: label com.df.scaleMin="6" is above the maximum of 3 (label com.df.scaleMax), which wins; expected a number that is not above the maximum',
      ],
    ],
  ]);
});
