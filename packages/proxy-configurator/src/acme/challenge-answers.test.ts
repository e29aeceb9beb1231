import { expect, test } from '@jest/globals';
import { createChallengeAnswers, type ChallengeAnswersOptions } from './challenge-answers.js';

const [ONE, TWO] = ['a'.repeat(43), 'b'.repeat(43)] as const;

function world(options: Partial<ChallengeAnswersOptions> = {}) {
  const state = { nowMs: 1_000, changes: 0 };
  const answers = createChallengeAnswers({
    saved: undefined,
    byHand: undefined,
    onChange: () => (state.changes += 1),
    nowMs: () => state.nowMs,
    steadyMs: () => state.nowMs,
    ...options,
  });
  const claim = (owner: string | undefined, thumbprint = ONE) =>
    answers.claim({ thumbprint, directory: 'https://ca.test/dir', owner, ttlMs: 60_000 }).keptBy;
  return { state, answers, claim };
}

test('one owner keeps others away until its time is over or it ends', () => {
  const { state, answers, claim } = world();
  expect(claim('first')).toBeUndefined();
  expect(claim('second', TWO)).toBe('first');
  expect(claim(undefined, TWO)).toBe('first');
  expect(answers.thumbprint()).toBe(ONE);
  answers.release('second');
  expect(claim('second', TWO)).toBe('first');
  state.nowMs += 60_000;
  expect(claim('second', TWO)).toBeUndefined();
  expect([answers.thumbprint(), answers.owner()]).toEqual([TWO, 'second']);
  answers.release('second');
  expect([answers.thumbprint(), answers.owner()]).toEqual([TWO, undefined]);
  expect(claim('first')).toBeUndefined();
});

test('a claim that says the same again changes nothing', () => {
  const { state, claim } = world();
  claim('first');
  claim('first');
  expect(state.changes).toBe(1);
});

test('of two replicas the one that was told later is right', () => {
  const { state, answers, claim } = world();
  claim('first');
  answers.adopt({ thumbprint: TWO, since: 999 });
  expect(answers.thumbprint()).toBe(ONE);
  answers.adopt({ thumbprint: TWO, since: 1_001 });
  expect([answers.thumbprint(), state.changes]).toEqual([TWO, 2]);
});

test.each([
  [undefined, undefined, undefined],
  [{ thumbprint: ONE, since: 1 }, undefined, ONE],
  [undefined, TWO, TWO],
  [{ thumbprint: ONE, since: 1 }, TWO, TWO],
])('saved %j and set by hand %s: %s', (saved, byHand, expected) => {
  expect(world({ saved, byHand }).answers.thumbprint()).toBe(expected);
});
