import { expect, test } from '@jest/globals';
import { completePolicy } from './complete-policy.js';
import type { PolicyInput } from './policy-input.js';

const METRIC = { name: 'load', per: 'service', type: 'averageValue', target: 1 } as const;

test('a field that is given replaces that field, a list of rate policies the whole list', () => {
  const result = completePolicy({
    max: 5,
    metrics: [METRIC],
    behavior: { up: { policies: [{ type: 'tasks', value: 1, periodSeconds: 60 }] } },
  });
  expect(result).toMatchObject({
    policy: {
      min: 1,
      tolerance: 0.1,
      up: { stabilizationSeconds: 0, select: 'max', policies: [{ value: 1 }] },
      down: { stabilizationSeconds: 300, policies: [{ type: 'percent', value: 100, periodSeconds: 15 }] },
      metrics: [{ empty: 'error', activation: 0, windowSeconds: 60 }],
    },
  });
});

const wrong: readonly (readonly [string, Partial<PolicyInput>, string])[] = [
  ['no replica at all', { min: 0, max: 0 }, 'max'],
  ['a minimum above the maximum', { min: 6 }, 'min'],
  [
    'a window of more than an hour',
    { behavior: { up: { stabilizationSeconds: 3_601 } } },
    'behavior.up.stabilizationSeconds',
  ],
  ['no rate policy', { behavior: { down: { policies: [] } } }, 'behavior.down.policies'],
  [
    'a period of more than half an hour',
    { behavior: { up: { policies: [{ type: 'tasks', value: 1, periodSeconds: 1_801 }] } } },
    'behavior.up.policies.0.periodSeconds',
  ],
  ['a negative tolerance', { tolerance: -0.1 }, 'tolerance'],
  [
    'a fallback to a formula that is not there',
    { fallback: { failureThreshold: 1, replicas: 2, behavior: 'formula' } },
    'fallback.behavior',
  ],
  [
    'a window that ends as it starts',
    { schedules: [{ start: '0 8 * * *', end: '0 8 * * *' }] },
    'schedules.0.end',
  ],
  ['a cron of six fields', { schedules: [{ start: '0 0 8 * * *', end: '0 8 * * *' }] }, 'schedules.0.start'],
  ['a day that never comes', { schedules: [{ start: '0 8 30 2 *', end: '0 8 * * *' }] }, 'schedules.0'],
  [
    'a zone that is none',
    { schedules: [{ start: '0 8 * * *', end: '0 9 * * *', timezone: 'Mars/Base' }] },
    'schedules.0.timezone',
  ],
  ['a formula that ends early', { formula: { expression: 'load +', target: 1 } }, 'formula.expression'],
];

test.each(wrong)('%s is refused with its place', (_, policy, path) => {
  const result = completePolicy({ max: 5, metrics: [METRIC], ...policy });
  expect(result).toEqual({ problems: [{ path, problem: expect.stringMatching(/\w+ \w+/) }] });
});

test.each([
  [{ ...METRIC, target: 0 }, 'its target must be above 0'],
  [{ ...METRIC, type: 'utilization' as const }, 'a metric of the service has no reservation'],
  [
    { ...METRIC, per: 'task' as const, type: 'value' as const },
    'a metric for each task has no target of type value',
  ],
])(
  'a metric that can never be computed is kept with the reason, so that it blocks decreases',
  (metric, problem) => {
    expect(completePolicy({ max: 5, metrics: [metric] })).toMatchObject({
      policy: { metrics: [{ problem }] },
    });
  },
);
