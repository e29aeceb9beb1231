import { describe, expect, test } from '@jest/globals';
import { alertPart, buildPrometheusFiles, servicePart, type Built } from '../core/files/build.js';
import { acceptedAlerts } from '../core/services/monitor-state.js';
import { composeState } from '../testing/world.js';
import { createRejectedParts } from './rejected-parts.js';

const web = { serviceName: 'web', scrapePort: '80', alertName: 'a', alertIf: 'up' };

function builtOf(services: readonly Record<string, string>[], isRejected?: () => boolean): Built {
  const input = { variables: [], alertmanagerUrls: '', expandsExternalLabels: false, scrapeFiles: [] };
  return buildPrometheusFiles({ ...input, state: composeState({ services }) }, isRejected);
}

function alertOf(parameters: Record<string, string>) {
  const record = composeState({ services: [parameters] }).services.get('web');
  const [alert] = record ? acceptedAlerts(record) : [];
  if (!alert) throw new Error('there is no alert');
  return alert;
}

test('a part is rejected with exactly one content', () => {
  const parts = createRejectedParts();
  const content = {};
  parts.reject('service web', content, 'bad port');
  expect(parts.has('service web', content)).toBe(true);
  expect(parts.has('service web', {})).toBe(false);
  expect([...parts.reasons()]).toEqual([['service web', 'bad port']]);
});

test('an alert that was rejected is rejected again when it comes with the same words', () => {
  const parts = createRejectedParts();
  expect(parts.reasonAgainst(alertOf(web))).toBeUndefined();
  parts.rejectAlert(alertOf(web), 'no such function');
  expect(parts.reasonAgainst(alertOf(web))).toBe('no such function');
  expect(parts.reasonAgainst(alertOf({ ...web, alertIf: 'up > 1' }))).toBeUndefined();
});

test('rejected alerts without end take no memory', () => {
  const parts = createRejectedParts();
  const alert = alertOf(web);
  for (let i = 0; i < 3_000; i += 1) parts.rejectAlert({ ...alert, expression: `f(${i})` }, 'bad');
  const remembered = Array.from({ length: 3_000 }, (_, i) => ({ ...alert, expression: `f(${i})` })).filter(
    (one) => parts.reasonAgainst(one) !== undefined,
  );
  expect(remembered.length).toBeLessThanOrEqual(1_000);
  expect(remembered.at(-1)?.expression).toBe('f(2999)');
});

describe('when Prometheus itself rejects files', () => {
  test('what it has confirmed before stays, the rest is rejected', () => {
    const parts = createRejectedParts();
    const before = builtOf([web]);
    parts.confirm(before);
    const record = before.parts.get(servicePart('web'));
    const after = { ...builtOf([]), parts: new Map([...before.parts, ['service new', 'n']]) };
    parts.rejectUnconfirmed(after, 'will not load');
    expect(parts.isConfirmed(servicePart('web'), record)).toBe(true);
    expect([...parts.reasons()]).toEqual([['service new', 'will not load']]);
  });

  test('the reason reaches the alert that was new', () => {
    const parts = createRejectedParts();
    const built = builtOf([web]);
    parts.rejectUnconfirmed(built, 'will not load');
    const alert = built.parts.get(alertPart('web', 'web_a'));
    expect(parts.reasonAgainst(alert as ReturnType<typeof alertOf>)).toBe('will not load');
  });
});

test('a rejection is forgotten when nobody asks for the part any more', () => {
  const parts = createRejectedParts();
  parts.reject(servicePart('web'), {}, 'bad');
  parts.confirm(builtOf([web], () => true));
  expect(parts.reasons().size).toBe(1);
  parts.confirm(builtOf([]));
  expect(parts.reasons().size).toBe(0);
});
