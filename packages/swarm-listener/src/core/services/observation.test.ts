import { expect, test } from '@jest/globals';
import { aNode, aService, aTask, nodesOf } from '../../testing/swarm-objects.js';
import type { SwarmNode, SwarmTask } from './swarm-objects.js';
import { memoizeObservations, type TaskSnapshot } from './observation.js';

const service = aService({ labels: { 'com.df.scrapeNetwork': 'monitor' } });
const [task, node] = [aTask(), aNode()];

function snapshot(tasks: readonly SwarmTask[], nodes: readonly SwarmNode[]): TaskSnapshot {
  return { tasksOf: () => tasks, nodes: nodesOf(...nodes) };
}

test('as long as nothing has changed the very same value is answered', () => {
  const observe = memoizeObservations('with addresses');
  const first = observe(service, snapshot([task], [node]));
  expect(first).toMatchObject({ serving: true, nodeInfo: { value: '[["host-1","10.0.1.5","node-1"]]' } });
  expect(observe(service, snapshot([task], [node]))).toBe(first);
});

test.each([
  ['a task', snapshot([aTask({ state: 'failed' })], [node])],
  ['the number of tasks', snapshot([], [node])],
  ['the node of a task', snapshot([task], [aNode({ state: 'down' })])],
  ['whether there is such a node', snapshot([task], [])],
])('%s is seen when it changes', (_what, changed) => {
  const observe = memoizeObservations('without addresses');
  observe(service, snapshot([task], [node]));
  expect(observe(service, changed)).toMatchObject({ serving: false });
});
