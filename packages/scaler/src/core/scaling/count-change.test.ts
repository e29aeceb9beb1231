import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changeCount, stepSize } from './count-change.js';
import type { ScaleRequest } from './scale-request.js';
import { policyOf } from '../../testing/policy.js';

const up: ScaleRequest = { kind: 'step', direction: 'up', by: undefined };
const down: ScaleRequest = { kind: 'step', direction: 'down', by: undefined };

test.each([
  ['one step up', 2, up, {}, { to: 3 }],
  ['one step down', 2, down, {}, { to: 1 }],
  ['the step of the label', 2, up, { up: 2 }, { to: 4 }],
  ['a step past the maximum stops there', 4, up, { up: 3 }, { to: 5, pinnedBy: 'max' }],
  ['a step past the minimum stops there', 4, down, { down: 9 }, { to: 1, pinnedBy: 'min' }],
  ['up from below the minimum reaches it', 1, up, { min: 3 }, { to: 3, pinnedBy: 'min' }],
  ['down from above the maximum reaches it', 9, down, {}, { to: 5, pinnedBy: 'max' }],
  ['down to nothing when the minimum allows it', 1, down, { min: 0 }, { to: 0 }],
  ['the maximum wins over a larger minimum', 2, up, { min: 6, max: 4 }, { to: 4, pinnedBy: 'max' }],
  ['an absolute count', 2, { kind: 'target', count: 4 }, {}, { to: 4 }],
  ['an absolute count inside the bounds only', 2, { kind: 'target', count: 9 }, {}, { to: 5 }],
] as const)('%s', (_name, current, request, values, expected) => {
  expect(changeCount(current, request, policyOf(values))).toMatchObject({
    kind: 'change',
    from: current,
    ...expected,
  });
});

test.each([
  ['up at the maximum', 5, up, { bound: 'max' }],
  ['up above the maximum never lowers', 8, up, { bound: 'max' }],
  ['down at the minimum', 1, down, { bound: 'min' }],
  ['down below the minimum never raises', 0, down, { bound: 'min' }],
  ['a higher count asked for above the maximum', 8, { kind: 'target', count: 9 }, { bound: 'max' }],
] as const)('%s changes nothing', (_name, current, request, expected) => {
  expect(changeCount(current, request, policyOf())).toMatchObject({ kind: 'at-bound', ...expected });
});

test('the count that is there already is no bound', () => {
  expect(changeCount(3, { kind: 'target', count: 3 }, policyOf())).toEqual({ kind: 'same' });
});

test.each([
  [50, 3, 2],
  [50, 4, 2],
  [10, 1, 1],
  [10, 0, 1],
  [100, 7, 7],
])('%d %% of %d replicas are %d, rounded away from zero', (percent, current, size) => {
  expect(stepSize({ unit: 'percent', size: percent }, current)).toBe(size);
});

test('a change goes in the direction asked for and ends inside the bounds', () => {
  const requests = fc.oneof(
    fc.record({
      kind: fc.constant('step' as const),
      direction: fc.constantFrom('up' as const, 'down' as const),
      by: fc.option(
        fc.record({
          unit: fc.constantFrom('count' as const, 'percent' as const),
          size: fc.integer({ min: 1, max: 300 }),
        }),
        { nil: undefined },
      ),
    }),
    fc.record({ kind: fc.constant('target' as const), count: fc.nat(40) }),
  );
  fc.assert(
    fc.property(fc.nat(40), requests, fc.nat(20), fc.nat(20), (current, request, min, max) => {
      const change = changeCount(current, request, policyOf({ min, max }));
      if (change.kind !== 'change') return;
      expect(change.to).toBeLessThanOrEqual(max);
      expect(change.to).toBeGreaterThanOrEqual(Math.min(min, max));
      const isUp = request.kind === 'step' ? request.direction === 'up' : request.count > current;
      expect(change.to > current).toBe(isUp);
    }),
  );
});
