import { expect, test } from '@jest/globals';
import { serviceTasks, tasksByNode } from './service-tasks.js';

const PLACES = serviceTasks({
  nodeInfo: '[["worker-1","10.0.1.5"],["worker-1","10.0.1.6"],["worker-2","10.0.1.7"]]',
});

test('tasks that wait for a node come first, with Swarm’s reason', () => {
  const error = 'no suitable node (insufficient resources on 3 nodes)';
  expect(
    tasksByNode(
      [
        { slot: 1, node: 'worker-2', state: 'running' },
        { slot: 2, state: 'pending', error, since: '2026-01-01T00:00:00.000Z' },
      ],
      PLACES.slice(2),
    ),
  ).toEqual([
    {
      node: '',
      addresses: [],
      tasks: [{ slot: 2, state: 'pending', reason: error, since: '2026-01-01T00:00:00.000Z' }],
    },
    { node: 'worker-2', addresses: ['10.0.1.7'], tasks: [{ slot: 1, state: 'running' }] },
  ]);
});

test('a task that starts again and again says how the one before it ended', () => {
  const lastFailure = { state: 'failed', error: 'task: non-zero exit (1)' };
  const [one] = tasksByNode([{ slot: 1, node: 'worker-1', state: 'starting', lastFailure }], []);
  expect(one?.tasks).toEqual([
    { slot: 1, state: 'starting', reason: 'the task before it failed: task: non-zero exit (1)' },
  ]);
});

test('where Swarm is not asked, tasks are those whose addresses are told', () => {
  expect(tasksByNode(undefined, PLACES).map(({ node, tasks }) => [node, tasks.length])).toEqual([
    ['worker-1', 2],
    ['worker-2', 1],
  ]);
});

test.each([undefined, '', 'x', '{}', '[1,["a"]]'])('nodeInfo=%j tells of no task', (nodeInfo) => {
  expect(serviceTasks(nodeInfo === undefined ? {} : { nodeInfo })).toEqual([]);
});
