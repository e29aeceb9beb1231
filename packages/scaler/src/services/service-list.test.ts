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
