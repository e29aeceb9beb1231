import { describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { composeState } from '../../testing/world.js';
import { alertingRule, formatAlertName, toRejectedAlert } from './alert.js';
import { acceptedAlerts, rejectedAlerts } from './monitor-state.js';

function recordOf(parameters: Parameters) {
  const record = composeState({ services: [{ serviceName: 'go-demo_main', ...parameters }] }).services.get(
    'go-demo_main',
  );
  if (!record) throw new Error('the service is not there');
  return record;
}

test('a rule is called after service and alert, without dashes and otherwise as written', () =>
  expect(formatAlertName('go-demo_main', 'mem_Limit.a b')).toBe('godemo_main_mem_Limit.a b'));

describe('what the caller says', () => {
  const shortcut = { alertName: 'a', alertIf: '@service_mem_limit:0.8' };

  test('wins over labels and annotations of the shortcut, key by key', () => {
    const [alert] = acceptedAlerts(
      recordOf({ ...shortcut, alertLabels: 'receiver=me,x=y', alertAnnotations: 'summary=Mine' }),
    );
    expect(alert?.labels).toEqual({ receiver: 'me', service: 'go-demo_main', x: 'y' });
    expect(alert?.annotations).toEqual({ summary: 'Mine' });
  });

  test('rejects an alert whose duration is none, by name, and no other one', () => {
    const record = recordOf({
      ...shortcut,
      alertFor: '5 minutes',
      'alertName.1': 'good',
      'alertIf.1': 'up',
    });
    expect(rejectedAlerts(record)).toEqual([
      {
        alertName: 'a',
        reason: 'alertFor="5 minutes" is not a duration; expected a Prometheus duration such as 30s or 1h30m',
      },
    ]);
    expect(acceptedAlerts(record).map(({ name }) => name)).toEqual(['good']);
  });
});

test('a rejection names the label, its value and what would be right', () => {
  const record = recordOf({
    'alertName.2': 'late',
    'alertIf.2': 'up',
    'alertFor.2': 'soon',
    'alertName.3': 'unknown',
    'alertIf.3': '@nope:1',
    'alertName.4': 'short',
    'alertIf.4': '@service_oom',
  });
  expect(rejectedAlerts(record)).toEqual([
    {
      alertName: 'late',
      reason: 'alertFor.2="soon" is not a duration; expected a Prometheus duration such as 30s or 1h30m',
    },
    {
      alertName: 'unknown',
      reason: 'alertIf.3="@nope:1": there is no shortcut named @nope; expected one that /shortcuts lists',
    },
    {
      alertName: 'short',
      reason:
        'alertIf.4="@service_oom": the shortcut @service_oom lacks WINDOW; expected @service_oom:WINDOW',
    },
  ]);
});

test('a rejection of the expression names its label; other ones name what they are about themselves', () => {
  const [alert] = acceptedAlerts(recordOf({ 'alertName.7': 'a', 'alertIf.7': 'up >' }));
  expect(alert && toRejectedAlert(alert, 'could not parse expression: 1:5: parse error')).toEqual({
    alertName: 'a',
    reason: 'alertIf.7: the expression "up >" is not PromQL: 1:5: parse error',
  });
  expect(alert && toRejectedAlert(alert, 'annotation "summary": template: bad')).toEqual({
    alertName: 'a',
    reason: 'annotation "summary": template: bad',
  });
});

describe('the rule', () => {
  test('has no key without content', () => {
    const [alert] = acceptedAlerts(recordOf({ alertName: 'a', alertIf: 'up' }));
    expect(alert && alertingRule(alert)).toEqual({ alert: 'godemo_main_a', expr: 'up' });
  });

  test('has its labels in one order, whatever the order of the caller', () => {
    const texts = ['b=1,a=2', 'a=2,b=1'].map((alertLabels) => {
      const [alert] = acceptedAlerts(recordOf({ alertName: 'a', alertIf: 'up', alertLabels }));
      return JSON.stringify(alert && alertingRule(alert));
    });
    expect(texts[0]).toBe(texts[1]);
  });

  test('is the same object as long as the alert is', () => {
    const [alert] = acceptedAlerts(recordOf({ alertName: 'a', alertIf: 'up' }));
    if (!alert) throw new Error('the alert is not there');
    expect(alertingRule(alert)).toBe(alertingRule(alert));
  });
});

test('alertKeepFiringFor stands in the rule', () => {
  const [alert] = acceptedAlerts(recordOf({ alertName: 'a', alertIf: 'up == 0', alertKeepFiringFor: '5m' }));
  expect(alert && alertingRule(alert)).toMatchObject({ expr: 'up == 0', keep_firing_for: '5m' });
});
