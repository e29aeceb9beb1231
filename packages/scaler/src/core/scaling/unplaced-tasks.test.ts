import { expect, test } from '@jest/globals';
import { unplacedTasks } from './unplaced-tasks.js';

const waiting = {
  state: 'pending',
  desiredState: 'running',
  error: 'no suitable node (insufficient resources on 1 node)',
  nodeId: '',
};

test('tasks that Swarm cannot place are counted, with its reason', () => {
  expect(unplacedTasks([waiting, waiting, { ...waiting, state: 'running', nodeId: 'n1' }])).toEqual({
    tasks: 2,
    reason: 'no suitable node (insufficient resources on 1 node)',
  });
});

test.each([
  ['has only just been made', { error: '' }],
  ['is to be shut down', { desiredState: 'shutdown' }],
  ['waits on its node', { nodeId: 'n1' }],
  ['failed', { state: 'failed' }],
])('a task that %s is none of them', (_, change) => {
  expect(unplacedTasks([{ ...waiting, ...change }])).toBeUndefined();
});
