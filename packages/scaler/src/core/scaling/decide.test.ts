import { expect, test } from '@jest/globals';
import { decideReplicas, type DecisionInput } from './decide.js';
import { policyOf } from '../../testing/policy.js';

const NOW = 1_000_000;

function decide(
  change: Partial<DecisionInput> & { replicas?: number; updateState?: string; stoppedByHand?: boolean },
) {
  const { replicas = 3, updateState, stoppedByHand = false, ...rest } = change;
  return decideReplicas({
    request: { kind: 'step', direction: 'up', by: undefined },
    service: { replicas, updateState, stoppedByHand },
    policy: policyOf({ min: 1, max: 5 }),
    history: { lastChangeAtMs: undefined, post: undefined },
    nowMs: NOW,
    ...rest,
  });
}

const down = { kind: 'step', direction: 'down', by: undefined } as const;

test('nothing in the way: one step', () => {
  expect(decide({})).toEqual({ kind: 'scale', direction: 'up', from: 3, to: 4, pinnedBy: undefined });
});

test.each(['repeated', 'copy', 'subset'] as const)(
  'a post that is no news (%s) changes nothing',
  (verdict) => {
    const history = { lastChangeAtMs: undefined, post: { verdict, agoMs: 4_999, windowMs: 5_000 } };
    expect(decide({ history })).toMatchObject({ kind: 'hold', hold: { why: verdict } });
    const news = { ...history.post, verdict: 'news' } as const;
    expect(decide({ history: { ...history, post: news } })).toMatchObject({ kind: 'scale' });
  },
);

test('tasks that no node can take hold further steps up, and none down', () => {
  const unplaced = { tasks: 2, reason: 'no suitable node (insufficient resources on 3 nodes)' };
  const service = { replicas: 3, updateState: undefined, stoppedByHand: false, unplaced };
  expect(decide({ service })).toMatchObject({ hold: { why: 'unplaced', ...unplaced } });
  expect(decide({ service, request: down })).toMatchObject({ kind: 'scale', to: 2 });
});

test('a cool-down holds only its own direction, from the last change on', () => {
  const policy = policyOf({ upCooldownMs: 60_000 });
  const history = { lastChangeAtMs: NOW - 20_000, post: undefined };
  expect(decide({ policy, history })).toMatchObject({
    hold: { why: 'cool-down', agoMs: 20_000, remainingMs: 40_000 },
  });
  expect(decide({ policy, history, request: down })).toMatchObject({ kind: 'scale', to: 2 });
  expect(decide({ policy, history: { ...history, lastChangeAtMs: NOW - 60_000 } })).toMatchObject({
    kind: 'scale',
  });
});

test('a clock that was set back holds nothing for ever', () => {
  const policy = policyOf({ upCooldownMs: 60_000 });
  const history = { lastChangeAtMs: NOW + 3_600_000, post: undefined };
  expect(decide({ policy, history })).toMatchObject({ kind: 'scale' });
});

test('at a bound the bound is the reason, not the cool-down', () => {
  const policy = policyOf({ max: 3, upCooldownMs: 60_000 });
  const history = { lastChangeAtMs: NOW, post: undefined };
  expect(decide({ policy, history })).toMatchObject({ hold: { why: 'at-bound', bound: 'max' } });
});

test('a rolling update freezes going down but not up', () => {
  expect(decide({ updateState: 'updating', request: down })).toMatchObject({
    hold: { why: 'updating', state: 'updating' },
  });
  expect(decide({ updateState: 'rollback_started', request: down })).toMatchObject({ kind: 'hold' });
  expect(decide({ updateState: 'updating' })).toMatchObject({ kind: 'scale' });
  expect(decide({ updateState: 'completed', request: down })).toMatchObject({ kind: 'scale' });
});

test.each(['paused', 'rollback_paused'])('an update that is %s is not touched at all', (updateState) => {
  expect(decide({ updateState })).toMatchObject({ hold: { why: 'updating' } });
  expect(decide({ updateState, request: down })).toMatchObject({ hold: { why: 'updating' } });
});

test('a paused service stays, whatever is asked', () => {
  const policy = policyOf({ paused: true });
  expect(decide({ policy })).toMatchObject({ hold: { why: 'paused' } });
  expect(decide({ policy, request: { kind: 'target', count: 5 } })).toMatchObject({
    hold: { why: 'paused' },
  });
});

test('a service that was stopped by hand is started by an absolute count only', () => {
  const stopped = { replicas: 0, stoppedByHand: true };
  expect(decide(stopped)).toMatchObject({ hold: { why: 'stopped' } });
  expect(decide({ ...stopped, request: down })).toMatchObject({ hold: { why: 'at-bound', bound: 'min' } });
  expect(decide({ ...stopped, request: { kind: 'target', count: 2 } })).toMatchObject({
    kind: 'scale',
    to: 2,
  });
});
