import { describe, expect, test } from '@jest/globals';
import { planOfLabels } from './plan-of-labels.js';

const BOUNDS = { min: 1, max: 10 };

function plan(labels: Readonly<Record<string, string>>, bounds = BOUNDS) {
  const full = Object.fromEntries(Object.entries(labels).map(([name, value]) => [`com.df.${name}`, value]));
  return planOfLabels('web', full, bounds);
}

test('two labels are enough', () => {
  const { plan: made, issues } = plan({ scaleOn: '@cpu', scaleTarget: '70%' });
  expect(issues).toEqual([]);
  expect(made?.policy).toMatchObject({
    min: 1,
    max: 10,
    metrics: [
      { name: 'm1', per: 'task', type: 'utilization', target: 70, resource: 'cpu', windowSeconds: 60 },
    ],
    up: { stabilizationSeconds: 0 },
    down: { stabilizationSeconds: 300 },
  });
  expect(made?.sources).toMatchObject([{ metric: 'm1', on: '@cpu', query: { kind: 'batch', by: 'task' } }]);
});

test('every label has its place in the policy', () => {
  const { plan: made, issues } = plan({
    'scaleOn.1': '@requests:30s',
    'scaleTarget.1': '50',
    'scaleActivation.1': '5',
    'scaleOn.2': 'sum(jobs)',
    'scaleTarget.2': '0.5',
    'scaleTargetType.2': 'total',
    'scaleEmpty.2': 'zero',
    'scaleOn.3': 'jobs_per_task',
    'scalePer.3': 'task',
    'scaleTarget.3': '3',
    scaleTolerance: '0.2',
    scaleUpTolerance: '0.05',
    scaleDownTolerance: '0.3',
    scaleUpPolicies: '2/30s, 50%/60s',
    scaleDownPolicies: '1/60s',
    scaleUpSelect: 'min',
    scaleDownSelect: 'disabled',
    scaleUpWindow: '30s',
    scaleDownWindow: '600',
    scaleCpuInitialization: '1m',
    scaleReadinessDelay: '10s',
    scaleToZero: 'true',
    scaleZeroCooldown: '10m',
    scaleZeroWake: 'always',
    scaleFallback: '3:4:currentReplicasIfHigher',
    'scaleScheduleStart.1': '0 8 * * 1-5',
    'scaleScheduleEnd.1': '0 20 * * 1-5',
    'scaleScheduleTimezone.1': 'Europe/Berlin',
    'scaleScheduleMin.1': '4',
    scaleFormula: '(m1 + m2) / 2',
    scaleFormulaTarget: '50',
    scalePausedReplicas: '2',
  });
  expect(issues).toEqual([]);
  expect(made?.pausedReplicas).toBe(2);
  expect(made?.policy).toMatchObject({
    tolerance: 0.2,
    metrics: [
      { name: 'm1', per: 'service', type: 'averageValue', target: 50, activation: 5, windowSeconds: 30 },
      { name: 'm2', per: 'service', type: 'value', target: 0.5, empty: 'zero' },
      { name: 'm3', per: 'task', type: 'averageValue', target: 3 },
    ],
    up: {
      stabilizationSeconds: 30,
      select: 'min',
      tolerance: 0.05,
      policies: [
        { type: 'tasks', value: 2, periodSeconds: 30 },
        { type: 'percent', value: 50, periodSeconds: 60 },
      ],
    },
    down: { stabilizationSeconds: 600, select: 'disabled', tolerance: 0.3 },
    readiness: { cpuInitializationSeconds: 60, initialReadinessDelaySeconds: 10 },
    zero: { cooldownSeconds: 600, wake: 'always' },
    fallback: { failureThreshold: 3, replicas: 4, behavior: 'currentReplicasIfHigher' },
    schedules: [{ min: 4, window: { timezone: 'Europe/Berlin' } }],
    formula: { target: 50, type: 'averageValue' },
  });
});

test('the mean response time is a target of the service as a whole', () => {
  expect(plan({ scaleOn: '@response_time', scaleTarget: '0.2' }).plan?.policy.metrics).toMatchObject([
    { type: 'value', per: 'service', target: 0.2 },
  ]);
});

test('a service that somebody stopped stays stopped unless the label says otherwise', () => {
  const labels = { scaleOn: '@requests', scaleTarget: '5', scaleToZero: 'true' };
  expect(plan(labels).plan?.policy.zero?.wake).toBe('ours');
});

describe('what is wrong is told with its label, and the service keeps its count', () => {
  test.each([
    [{ scaleOn: '@cpus', scaleTarget: '5' }, 'scaleOn', 'is no shortcut'],
    [{ scaleOn: '@memory:1m', scaleTarget: '5' }, 'scaleOn', 'a value too many'],
    [{ scaleOn: '@cpu:2h', scaleTarget: '5' }, 'scaleOn', 'is not a range'],
    [{ scaleOn: '@response_time:95', scaleTarget: '5' }, 'scaleOn', 'is not a quantile'],
    [{ scaleOn: '@cpu' }, 'scaleOn', 'has no target'],
    [{ 'scaleTarget.2': '5', scaleOn: '@cpu', scaleTarget: '70%' }, 'scaleTarget.2', 'belongs to no metric'],
    [{ scaleOn: 'up', scaleTarget: '70%' }, 'scaleTarget', 'share of a reservation'],
    [{ scaleOn: '@cpu', scaleTarget: '0' }, 'scaleTarget', 'is not a target'],
    [{ scaleOn: '@cpu', scaleTarget: '1', scaleTargetType: 'total' }, 'scaleTargetType', 'does not fit'],
    [{ scaleOn: '@cpu', scaleTarget: '70%', scaleTargetType: 'perTask' }, 'scaleTarget', 'is a percentage'],
    [{ scaleOn: '@cpu', scaleTarget: '70%', scaleUpWindow: '2h' }, 'scaleUpWindow', 'between 0 and 3600'],
    [{ scaleOn: '@cpu', scaleTarget: '70%', scaleToZero: 'true' }, 'scaleToZero', 'nothing could wake it'],
    [
      { scaleOn: '@cpu', scaleTarget: '70%', scaleFallback: '3:2:formula' },
      'scaleFallback',
      'needs a formula',
    ],
    [
      { scaleOn: '@cpu', scaleTarget: '70%', scaleFormulaTarget: '5' },
      'scaleFormulaTarget',
      'has no formula',
    ],
    [
      { scaleOn: '@requests', scaleTarget: '7', scaleFormula: 'm1 +', scaleFormulaTarget: '5' },
      'scaleFormula',
      '',
    ],
    [
      { scaleScheduleStart: '0 8 * * *', scaleScheduleEnd: '0 8 * * *', scaleScheduleMin: '3' },
      'scaleScheduleEnd',
      'must differ',
    ],
    [{ scaleScheduleStart: '0 25 * * *', scaleScheduleEnd: '0 8 * * *' }, 'scaleScheduleStart', 'is no hour'],
    [{ scaleScheduleStart: '0 8 * * *', scaleScheduleEnd: '0 25 * * *' }, 'scaleScheduleEnd', 'is no hour'],
    [
      {
        scaleScheduleStart: '0 8 * * *',
        scaleScheduleEnd: '0 18 * * *',
        scaleScheduleTimezone: 'Berlin',
      },
      'scaleScheduleTimezone',
      'is not a time zone',
    ],
  ])('%j', (labels, label, problem) => {
    const { plan: made, issues } = plan(labels);
    expect(made).toBeUndefined();
    expect(issues).toContainEqual(
      expect.objectContaining({
        service: 'web',
        label,
        problem: expect.stringContaining(problem) as unknown,
      }),
    );
  });

  test('a minimum of 0 that nothing could leave', () => {
    const { plan: made, issues } = plan({ scaleOn: '@cpu', scaleTarget: '70%' }, { min: 0, max: 5 });
    expect([made, issues[0]?.label]).toEqual([undefined, 'scaleMin']);
  });
});

test('labels that do nothing are told, and cost nothing', () => {
  expect(plan({ scaleUpWindow: '30s' }).issues).toMatchObject([
    { label: 'scaleUpWindow', kind: 'no-effect' },
  ]);
  const { plan: made, issues } = plan({ scaleOn: '@cpu', scaleTarget: '70%', scaleZeroCooldown: '5m' });
  expect([made === undefined, issues.map(({ kind }) => kind)]).toEqual([false, ['no-effect']]);
});

test('a service without such labels is none of it', () => {
  expect(plan({ scaleMin: '1', port: '80' })).toEqual({ plan: undefined, issues: [] });
});
