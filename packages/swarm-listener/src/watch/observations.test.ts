import { expect, test } from '@jest/globals';
import { aNode, aService, aTask } from '../testing/swarm-objects.js';
import type { SwarmNode, SwarmTask } from '../core/services/swarm-objects.js';
import { createSights, nodesById, type Facts } from './observations.js';

const service = aService({ labels: { 'com.df.scrapeNetwork': 'monitor' } });
const [task, node] = [aTask(), aNode()];

function facts(tasks: readonly SwarmTask[], nodes: readonly SwarmNode[]): Facts {
  return { tasksOf: () => tasks, nodes: nodesById(nodes) };
}

test('as long as nothing has changed the very same value is answered', () => {
  const sights = createSights('with addresses');
  const first = sights(service, facts([task], [node]));
  expect(first).toMatchObject({ serving: true, nodeInfo: { value: '[["host-1","10.0.1.5","node-1"]]' } });
  expect(sights(service, facts([task], [node]))).toBe(first);
});

test.each([
  ['a task', facts([aTask({ state: 'failed' })], [node])],
  ['the number of tasks', facts([], [node])],
  ['the node of a task', facts([task], [aNode({ state: 'down' })])],
  ['whether there is such a node', facts([task], [])],
])('%s is seen when it changes', (_what, changed) => {
  const sights = createSights('without addresses');
  sights(service, facts([task], [node]));
  expect(sights(service, changed)).toMatchObject({ serving: false });
});
