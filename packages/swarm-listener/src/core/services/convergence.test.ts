import { describe, expect, test } from '@jest/globals';
import { isServing, checkConvergence, tasksConverged, type Wait } from './convergence.js';
import { aNode, aService, aTask, nodesOf } from '../../testing/swarm-objects.js';

const nodes = nodesOf(aNode(), aNode({ id: 'node-2' }), aNode({ id: 'gone', state: 'down' }));
const two = aService({ replicas: 2 });
const global = aService({ mode: 'global', replicas: 0 });
const slot = (n: number, change: Parameters<typeof aTask>[0] = {}) =>
  aTask({ id: `task-${n}`, slot: n, ...change });

describe('a replicated service has converged', () => {
  test.each([
    ['when as many slots run as are wanted', [slot(1), slot(2)], true],
    ['not with one too few', [slot(1)], false],
    ['not with one too many', [slot(1), slot(2), slot(3)], false],
    ['not while one starts', [slot(1), slot(2, { state: 'starting' })], false],
    ['not by tasks on a node that is down', [slot(1), slot(2, { nodeId: 'gone' })], false],
    [
      'by one task of each slot',
      [slot(1), slot(2), slot(2, { state: 'failed', desiredState: 'shutdown' })],
      true,
    ],
    ['not when a slot shall end', [slot(1), slot(2, { desiredState: 'shutdown' })], false],
    ['whatever states Docker invents', [slot(1), slot(2), slot(3, { state: 'dancing' })], true],
  ])('%s', (_when, tasks, wanted) => expect(tasksConverged(two, tasks, nodes, false)).toBe(wanted));

  test('at once with no replicas and no tasks', () =>
    expect(tasksConverged(aService({ replicas: 0 }), [], nodes, false)).toBe(true));

  test('and stays so while its counted tasks run', () => {
    expect(tasksConverged(two, [slot(1)], nodes, true)).toBe(true);
    expect(tasksConverged(two, [slot(1), slot(2, { state: 'failed' })], nodes, true)).toBe(false);
  });
});

describe('a global service has converged', () => {
  const on = (nodeId: string, state = 'running') => aTask({ slot: 0, nodeId, state });
  test.each([
    ['when it runs on every node that has a task', [on('node-1'), on('node-2')], true],
    ['not without any task', [], false],
    ['not while one starts', [on('node-1'), on('node-2', 'preparing')], false],
    ['not with its task on a node that is down', [on('node-1'), on('gone')], false],
  ])('%s', (_when, tasks, wanted) => expect(tasksConverged(global, tasks, nodes, false)).toBe(wanted));
});

describe('a service serves', () => {
  test.each([
    ['with one of two tasks', two, [slot(1), slot(2, { state: 'failed' })], true],
    ['when nothing is wanted', aService({ replicas: 0 }), [], true],
    ['not when its only task is on a node that is down', two, [slot(1, { nodeId: 'gone' })], false],
    ['not by a task that shall end', two, [slot(1, { desiredState: 'shutdown' })], false],
    ['not without tasks', two, [], false],
  ])('%s', (_when, service, tasks, wanted) => expect(isServing(service, tasks, nodes)).toBe(wanted));
});

describe('a wait', () => {
  const fresh: Wait = { startedMs: 0, convergedSinceMs: undefined, rollbackIsStable: false };
  const seen: Wait = { ...fresh, convergedSinceMs: 1_000 };
  const good = [slot(1), slot(2)];
  const kind = (wait: Wait, updateState: string | undefined, nowMs: number, tasks = good) =>
    checkConvergence(wait, aService({ replicas: 2, updateState }), tasks, nodes, nowMs).kind;

  test('ends when tasks have run for the stability window', () => {
    expect(kind(seen, undefined, 5_999)).toBe('waiting');
    expect(kind(seen, undefined, 6_000)).toBe('converged');
  });

  test('starts its window over when a task falls over', () => {
    const verdict = checkConvergence(seen, two, [slot(1), slot(2, { state: 'failed' })], nodes, 3_000);
    expect(verdict).toEqual({ kind: 'waiting', wait: fresh });
  });

  test('ends at once by a completed update, unless tasks have been seen running before', () => {
    expect(kind(fresh, 'completed', 0, [])).toBe('converged');
    expect(kind(seen, 'completed', 2_000)).toBe('waiting');
  });

  test.each(['paused', 'rollback_paused'])('fails when the update is %s', (state) =>
    expect(kind(seen, state, 9_000)).toBe('failed'),
  );

  test('takes a finished rollback as failure only where a new state was waited for', () => {
    expect(kind(fresh, 'rollback_completed', 0)).toBe('failed');
    expect(kind({ ...fresh, rollbackIsStable: true }, 'rollback_completed', 0)).toBe('waiting');
    expect(kind(seen, 'rollback_completed', 6_000)).toBe('converged');
  });

  test('fails for services that have no lasting tasks', () =>
    expect(checkConvergence(fresh, aService({ mode: 'other' }), [], nodes, 0).kind).toBe('failed'));
});
