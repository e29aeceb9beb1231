import { expect, test } from '@jest/globals';
import { unplacedTasks } from './unplaced-tasks.js';

const waiting = {
  state: 'pending',
  desiredState: 'running',
  error: 'no suitable node (insufficient resources on 1 node)',
  isOnNode: false,
};

test('tasks that Swarm cannot place are counted, with its reason', () => {
  expect(unplacedTasks([waiting, waiting, { ...waiting, state: 'running', isOnNode: true }])).toEqual({
    tasks: 2,
    reason: 'no suitable node (insufficient resources on 1 node)',
  });
});

test.each([
  ['has only just been made', { error: '' }],
  ['is to be shut down', { desiredState: 'shutdown' }],
  ['waits on its node', { isOnNode: true }],
  ['failed', { state: 'failed' }],
])('a task that %s is none of them', (_, change) => {
  expect(unplacedTasks([{ ...waiting, ...change }])).toBeUndefined();
});
