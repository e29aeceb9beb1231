import { expect, test } from '@jest/globals';
import { viewTasks, type TaskFacts } from './task-view.js';

const NAMES = new Map([['n1', 'worker-1']]);

function task(id: string, more: Partial<TaskFacts> = {}): TaskFacts {
  return {
    id,
    slot: 1,
    nodeId: 'n1',
    state: 'running',
    desiredState: 'running',
    error: '',
    createdAtMs: Date.UTC(2026, 0, 1),
    stateAtMs: Date.UTC(2026, 0, 1, 0, 1),
    ...more,
  };
}

test('a task that waits for a node says why, in the words of Swarm', () => {
  const error = 'no suitable node (insufficient resources on 3 nodes)';
  expect(viewTasks([task('b', { slot: 2, nodeId: '', state: 'pending', error }), task('a')], NAMES)).toEqual([
    {
      id: 'a',
      slot: 1,
      node: 'worker-1',
      state: 'running',
      desiredState: 'running',
      error: undefined,
      since: '2026-01-01T00:01:00.000Z',
      lastFailure: undefined,
    },
    {
      id: 'b',
      slot: 2,
      node: undefined,
      state: 'pending',
      desiredState: 'running',
      error,
      since: '2026-01-01T00:01:00.000Z',
      lastFailure: undefined,
    },
  ]);
});

test('a task that does not run yet tells how the newest one before it in its slot failed', () => {
  const ended = { desiredState: 'shutdown', state: 'failed' };
  const [one] = viewTasks(
    [
      task('new', { state: 'starting' }),
      task('last', { ...ended, error: 'task: non-zero exit (1)', createdAtMs: 20 }),
      task('first', { ...ended, error: 'task: non-zero exit (2)', createdAtMs: 10 }),
      task('other', { ...ended, slot: 2, error: 'of another slot', createdAtMs: 30 }),
    ],
    NAMES,
  );
  expect(one?.lastFailure).toMatchObject({ state: 'failed', error: 'task: non-zero exit (1)' });
});

test('what failed before is forgotten once the task runs', () => {
  const failed = task('old', { desiredState: 'shutdown', state: 'failed', error: 'x' });
  expect(viewTasks([failed, task('new')], NAMES).map(({ lastFailure }) => lastFailure)).toEqual([undefined]);
});

test('tasks of global services are told apart by their nodes, one without a name by its id', () => {
  const views = viewTasks(
    [
      task('b', { slot: undefined, nodeId: 'n2', state: 'starting' }),
      task('a', { slot: undefined }),
      task('old', {
        slot: undefined,
        nodeId: 'n2',
        state: 'rejected',
        desiredState: 'shutdown',
        error: 'no image',
      }),
    ],
    NAMES,
  );
  expect(views.map(({ node, lastFailure }) => [node, lastFailure?.error])).toEqual([
    ['n2', 'no image'],
    ['worker-1', undefined],
  ]);
});
