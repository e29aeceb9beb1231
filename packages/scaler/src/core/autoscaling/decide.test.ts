import { describe, expect, test } from '@jest/globals';
import { afterWrite, decide } from './decide.js';
import { NO_MEMORY, type Memory } from './memory.js';
import type { Observation } from './observation.js';
import { completePolicy } from './policy/complete-policy.js';
import type { PolicyInput } from './policy/policy-input.js';

const LOAD = { name: 'load', per: 'service', type: 'averageValue', target: 10 } as const;

function decided(
  policy: Partial<PolicyInput>,
  observation: Partial<Observation>,
  memory: Partial<Memory> = {},
) {
  const result = completePolicy({ max: 20, metrics: [LOAD], ...policy });
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return decide(result.policy, { ...NO_MEMORY, ...memory }, { at: 1_000, current: 2, ...observation });
}

describe('the metrics', () => {
  test('ask for a count in proportion to the load', () => {
    expect(decided({}, { scalar: { load: 55 } })).toMatchObject({
      desired: 6,
      reason: 'scaleUp',
      proposal: 6,
      limitedBy: null,
    });
  });

  test('say what they saw, for people', () => {
    const { metrics } = decided({}, { scalar: { load: 'error' } });
    expect(metrics).toEqual([{ name: 'load', target: 10, failed: 'its query failed' }]);
  });

  test('rise by at most four tasks or twice the count in 15 seconds, unless told otherwise', () => {
    expect(decided({}, { scalar: { load: 1_000 } })).toMatchObject({ desired: 6, limitedBy: 'upPolicy' });
  });
});

describe('a fresh scaler', () => {
  test('lowers nothing for one down window', () => {
    const first = decided({}, { current: 9, scalar: { load: 10 } });
    expect(first).toMatchObject({ desired: 9, reason: 'steady', stabilized: 'down', proposal: 1 });
    const later = decided({}, { at: 1_300, current: 9, scalar: { load: 10 } }, first.memory);
    expect(later).toMatchObject({ desired: 1, reason: 'scaleDown' });
  });
});

describe('a service at zero', () => {
  test('that somebody stopped stays there', () => {
    expect(decided({ min: 0 }, { current: 0, scalar: { load: 50 } }).reason).toBe('disabledAtZero');
  });

  test('that the scaler put to sleep is woken with one task by a request', () => {
    const sleeping = decided({ zero: {} }, { scalar: { load: 0 } });
    expect(sleeping).toMatchObject({ desired: 0, reason: 'deactivated' });
    const kept = afterWrite(sleeping, 2, 1_000);
    expect(kept.zeroByUs).toBe(true);
    expect(decided({ zero: { wake: 'ours' } }, { current: 0, scalar: { load: 99 } }, kept)).toMatchObject({
      desired: 1,
      reason: 'activated',
    });
  });
});

test('a decision that was not written leaves no event and no zero of ours behind', () => {
  const decision = decided(
    { min: 0, behavior: { down: { stabilizationSeconds: 0 } } },
    { scalar: { load: 0 } },
  );
  expect(decision.desired).toBe(0);
  expect(decision.memory).toMatchObject({ downs: [], zeroByUs: false });
  expect(afterWrite(decision, 2, 1_000)).toMatchObject({ downs: [{ at: 1_000, change: 2 }], zeroByUs: true });
});
