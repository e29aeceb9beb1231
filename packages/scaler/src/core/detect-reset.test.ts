import { expect, test } from '@jest/globals';
import {
  detectReset,
  tracesUsedUpTo,
  type LastUpdate,
  type ResetEvidence,
  type StackSibling,
} from './detect-reset.js';

const AT = 1_000_000;

function update(change: Partial<LastUpdate> = {}): LastUpdate {
  return { atMs: AT, replicas: 2, previousReplicas: 4, changedOtherParts: false, ...change };
}

function sibling(change: Partial<LastUpdate> = {}, rest: Partial<StackSibling> = {}): StackSibling {
  return {
    update: update({ replicas: 1, previousReplicas: 1, ...change }),
    isOurs: false,
    fileReplicas: undefined,
    ...rest,
  };
}

function detect(change: Partial<ResetEvidence> = {}) {
  return detectReset({
    update: update(),
    isInStack: true,
    siblings: [],
    fileReplicas: 2,
    stackDeployedAtMs: undefined,
    usedUpToMs: undefined,
    knownForMs: 0,
    ...change,
  }).kind;
}

test('a deploy that changes anything else is a deploy at once', () => {
  expect(detect({ update: update({ changedOtherParts: true }), siblings: [sibling({ atMs: 0 })] })).toBe(
    'deploy',
  );
});

test('a deploy of an unchanged file writes the other services of the stack too', () => {
  expect(detect({ siblings: [sibling({ atMs: 0 }), sibling({ atMs: AT + 80 })] })).toBe('deploy');
});

test('two scaled services that are reset together are a deploy for both', () => {
  const other = sibling({ replicas: 3, previousReplicas: 5, atMs: AT + 50 }, { fileReplicas: 3 });
  expect(detect({ siblings: [other] })).toBe('deploy');
});

test('a person who scales leaves the other services alone', () => {
  expect(detect({ siblings: [sibling({ atMs: AT - 60_000 })], knownForMs: 5_000 })).toBe('manual');
});

test('as long as a deploy may still be on its way, nothing is decided', () => {
  expect(detect({ siblings: [sibling({ atMs: AT - 60_000 })], knownForMs: 4_000 })).toBe('wait');
});

test('what the scaler itself wrote, or another deliberate scaling, is no trace of a deploy', () => {
  const ours = sibling({ replicas: 3, previousReplicas: 2 }, { isOurs: true });
  const byHand = sibling({ replicas: 7, previousReplicas: 2 }, { fileReplicas: 2 });
  expect(detect({ siblings: [ours, byHand], knownForMs: 5_000 })).toBe('manual');
});

test('a deploy resets a service once: what it wrote then says nothing of what a person does next', () => {
  const evidence = {
    update: update(),
    isInStack: true,
    siblings: [sibling({ atMs: AT + 80 })],
    fileReplicas: 2,
    stackDeployedAtMs: AT,
    usedUpToMs: undefined,
    knownForMs: 0,
  };
  expect(detect(evidence)).toBe('deploy');
  const later = {
    ...evidence,
    update: update({ atMs: AT + 1_500 }),
    usedUpToMs: tracesUsedUpTo(evidence),
    knownForMs: 5_000,
  };
  expect(detect(later)).toBe('manual');
  expect(detect({ ...later, siblings: [sibling({ atMs: AT + 1_600 })] })).toBe('deploy');
});

test('the deploy that was recognised by one service counts for the others of the stack', () => {
  expect(detect({ siblings: [sibling({ atMs: 0 })], stackDeployedAtMs: AT - 100 })).toBe('deploy');
  expect(
    detect({ siblings: [sibling({ atMs: 0 })], stackDeployedAtMs: AT - 60_000, knownForMs: 5_000 }),
  ).toBe('manual');
});

test('alone in its stack, a service was reset by a deploy if it got the count of the file', () => {
  expect(detect()).toBe('deploy');
  expect(detect({ update: update({ replicas: 3 }) })).toBe('manual');
});

test('outside of stacks, and to 0, only people scale', () => {
  expect(detect({ isInStack: false })).toBe('manual');
  expect(detect({ update: update({ replicas: 0, changedOtherParts: true }) })).toBe('manual');
});
