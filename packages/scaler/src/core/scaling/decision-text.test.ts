import { expect, test } from '@jest/globals';
import type { Decision } from './decide.js';
import { describeDecision } from './decision-text.js';
import { policyOf } from '../../testing/policy.js';

const policy = policyOf({ min: 2, max: 4, upCooldownMs: 60_000 });

function held(hold: Extract<Decision, { kind: 'hold' }>['hold'], direction: 'up' | 'down' = 'up'): Decision {
  return { kind: 'hold', replicas: 3, direction, hold };
}

test('a change has the message of the original and the line of the build server', () => {
  const decision: Decision = { kind: 'scale', direction: 'down', from: 3, to: 2, pinnedBy: undefined };
  expect(describeDecision('go-demo_main', decision, policy)).toEqual({
    message: 'Scaling go-demo_main from 3 to 2 replicas (min: 2, max: 4)',
    explanation: 'down by 1 within 2 (label com.df.scaleMin) and 4 (label com.df.scaleMax)',
    headline: 'go-demo_main was scaled from 3 to 2 replicas',
  });
});

test.each([
  [
    'max',
    'web is already scaled to the maximum number of 4 replicas',
    'the maximum is 4 replicas (label com.df.scaleMax)',
  ],
  [
    'min',
    'web is already descaled to the minimum number of 2 replicas',
    'the minimum is 2 replicas (label com.df.scaleMin)',
  ],
] as const)(
  'at the %s bound the wording is the original’s and the source of the bound is told',
  (bound, message, explanation) => {
    const text = describeDecision('web', held({ why: 'at-bound', bound }), policy);
    expect(text).toEqual({ message, explanation, headline: `web could not be scaled: ${explanation}` });
  },
);

test.each([
  [{ why: 'same' }, 'that is the number asked for'],
  [
    { why: 'repeated', agoMs: 1_200, windowMs: 5_000 },
    'the same alert group was decided 2 seconds ago and counts once within 5 seconds (SCALE_GROUP_WINDOW)',
  ],
  [{ why: 'paused' }, 'scaling is paused (label com.df.scalePaused)'],
  [
    { why: 'cool-down', agoMs: 20_000, remainingMs: 40_000 },
    'its last change was 20 seconds ago and the cool-down before scaling up is 60 seconds (label com.df.scaleUpCooldown), 40 seconds remain',
  ],
  [
    { why: 'updating', state: 'updating' },
    'an update is in progress (updating) and replicas are not taken away meanwhile',
  ],
  [
    { why: 'updating', state: 'paused' },
    'its update is halted (paused) and must be continued or rolled back first',
  ],
] as const)('%j says its reason in full', (hold, reason) => {
  expect(describeDecision('web', held(hold), policy).message).toBe(`web stays at 3 replicas: ${reason}`);
});

test('a remaining time is never said to be 0 seconds', () => {
  const text = describeDecision('web', held({ why: 'cool-down', agoMs: 59_999, remainingMs: 1 }), policy);
  expect(text.message).toContain('1 second remain');
});
