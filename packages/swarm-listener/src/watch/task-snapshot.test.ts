import { expect, test } from '@jest/globals';
import { aNode, aService, aTask } from '../testing/swarm-objects.js';
import type { SwarmNode, SwarmTask } from '../core/services/swarm-objects.js';
import { memoizeObservations, nodesById, type TaskSnapshot } from './task-snapshot.js';

const service = aService({ labels: { 'com.df.scrapeNetwork': 'monitor' } });
const [task, node] = [aTask(), aNode()];

function taskSnapshot(tasks: readonly SwarmTask[], nodes: readonly SwarmNode[]): TaskSnapshot {
  return { tasksOf: () => tasks, nodes: nodesById(nodes) };
}

test('as long as nothing has changed the very same value is answered', () => {
  const observations = memoizeObservations('with addresses');
  const first = observations(service, taskSnapshot([task], [node]));
  expect(first).toMatchObject({ serving: true, nodeInfo: { value: '[["host-1","10.0.1.5","node-1"]]' } });
  expect(observations(service, taskSnapshot([task], [node]))).toBe(first);
});

test.each([
  ['a task', taskSnapshot([aTask({ state: 'failed' })], [node])],
  ['the number of tasks', taskSnapshot([], [node])],
  ['the node of a task', taskSnapshot([task], [aNode({ state: 'down' })])],
  ['whether there is such a node', taskSnapshot([task], [])],
])('%s is seen when it changes', (_what, changed) => {
  const observations = memoizeObservations('without addresses');
  observations(service, taskSnapshot([task], [node]));
  expect(observations(service, changed)).toMatchObject({ serving: false });
});
