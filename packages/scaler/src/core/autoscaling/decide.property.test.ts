import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { afterWrite, decide, type Decision } from './decide.js';
import { NO_MEMORY, type Memory } from './memory.js';
import type { Observation, Scalar } from './observation.js';
import { completePolicy } from './policy/complete-policy.js';
import type { PolicyInput } from './policy/policy-input.js';
import type { Policy } from './policy/policy.js';

const scalars: fc.Arbitrary<Scalar> = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: 0, max: 500, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom<Scalar>('error', 'NaN', '+Inf', null) },
);
const directions = fc.record(
  {
    stabilizationSeconds: fc.integer({ min: 0, max: 120 }),
    select: fc.constantFrom('max' as const, 'min' as const, 'disabled' as const),
    policies: fc.array(
      fc.record({
        type: fc.constantFrom('tasks' as const, 'percent' as const),
        value: fc.integer({ min: 1, max: 200 }),
        periodSeconds: fc.integer({ min: 1, max: 120 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);
const policies: fc.Arbitrary<PolicyInput> = fc
  .record({
    min: fc.integer({ min: 0, max: 5 }),
    span: fc.integer({ min: 1, max: 30 }),
    targets: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 3 }),
    up: directions,
    down: directions,
    zero: fc.option(fc.record({ cooldownSeconds: fc.integer({ min: 0, max: 90 }) }), { nil: undefined }),
    fallback: fc.option(
      fc.record({
        failureThreshold: fc.integer({ min: 0, max: 3 }),
        replicas: fc.integer({ min: 0, max: 40 }),
      }),
      { nil: undefined },
    ),
  })
  .map(({ min, span, targets, up, down, zero, fallback }) => ({
    min,
    max: min + span,
    metrics: targets.map((target, i) => ({
      name: `m${i + 1}`,
      per: 'service' as const,
      type: i === 1 ? ('value' as const) : ('averageValue' as const),
      target,
    })),
    behavior: { up, down },
    ...(zero ? { zero } : {}),
    ...(fallback ? { fallback } : {}),
  }));
const looks = fc.array(
  fc.record({
    after: fc.integer({ min: 1, max: 60 }),
    scalar: fc.record({ m1: scalars, m2: scalars, m3: scalars }),
    update: fc.constantFrom('none' as const, 'none' as const, 'rolling' as const, 'guarded' as const),
    pauseUp: fc.boolean(),
    isRefused: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);

type Look = typeof looks extends fc.Arbitrary<readonly (infer One)[]> ? One : never;

function completed(input: PolicyInput): Policy {
  const result = completePolicy(input);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

/** Lives through all looks, from `first` replicas on; a refused write leaves the count as it was. */
function replay(policy: Policy, first: number, trace: readonly Look[]): readonly (Decision & Observation)[] {
  let memory: Memory = NO_MEMORY;
  let current = first;
  let at = 1_000_000;
  return trace.map(({ after, isRefused, ...seen }) => {
    at += after;
    const observation: Observation = { at, current, ...seen };
    const decision = decide(policy, memory, observation);
    memory = isRefused ? decision.memory : afterWrite(decision, current, at);
    if (!isRefused) current = decision.desired;
    return { ...observation, ...decision };
  });
}

test('a count that is written lies within the bounds of the moment, or is the zero of sleep', () => {
  fc.assert(
    fc.property(policies, fc.integer({ min: 0, max: 40 }), looks, (input, first, trace) => {
      for (const { desired, current, reason, bounds } of replay(completed(input), first, trace)) {
        if (desired === current || reason === 'deactivated') continue;
        expect(desired).toBeGreaterThanOrEqual(bounds.min);
        expect(desired).toBeLessThanOrEqual(bounds.max);
      }
    }),
  );
});

test('a metric that fails never lowers the count', () => {
  fc.assert(
    fc.property(policies, fc.integer({ min: 0, max: 40 }), looks, (input, first, trace) => {
      const policy: Policy = { ...completed(input), fallback: undefined };
      for (const { desired, current, reason, metrics } of replay(policy, first, trace)) {
        if (!metrics.some(({ failed }) => failed !== undefined) || reason === 'aboveMax') continue;
        expect(desired).toBeGreaterThanOrEqual(current);
      }
    }),
  );
});

test('the order of the metrics does not matter', () => {
  fc.assert(
    fc.property(policies, fc.integer({ min: 0, max: 40 }), looks, (input, first, trace) => {
      const reversed = { ...input, metrics: [...(input.metrics ?? [])].reverse() };
      const counts = (policy: PolicyInput) =>
        replay(completed(policy), first, trace).map(({ desired, reason }) => ({ desired, reason }));
      expect(counts(reversed)).toEqual(counts(input));
    }),
  );
});

test('a replayed trace gives the same decisions', () => {
  fc.assert(
    fc.property(policies, looks, (input, trace) => {
      expect(replay(completed(input), 3, trace)).toEqual(replay(completed(input), 3, trace));
    }),
  );
});

test('what is remembered does not grow with the number of looks', () => {
  const policy = completed({
    max: 100,
    metrics: [{ name: 'm1', per: 'service', type: 'averageValue', target: 1 }],
    behavior: { down: { stabilizationSeconds: 0 } },
  });
  const trace = Array.from({ length: 3_000 }, (_, i) => ({
    after: 5,
    scalar: { m1: i % 2 === 0 ? 10 : 50, m2: 0, m3: 0 },
    update: 'none' as const,
    pauseUp: false,
    isRefused: false,
  }));
  const { memory } = replay(policy, 10, trace).at(-1) ?? { memory: NO_MEMORY };
  expect(memory.ups.length + memory.downs.length).toBeGreaterThan(100);
  expect(memory.ups.length + memory.downs.length).toBeLessThanOrEqual(3_600 / 5 + 1);
  expect(memory.recommendations?.length).toBeLessThanOrEqual(1);
});
