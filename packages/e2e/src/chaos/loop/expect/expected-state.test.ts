import { expect, test } from '@jest/globals';
import { firstWorld } from '../plan/walk.js';
import type { Features, WalkedService } from '../plan/walked-service.js';
import { expectedState } from './expected-state.js';

const PLAIN: Features = { revision: 3, isScraped: false };
function world(features: Partial<Features>, replicas = 2) {
  const oak: WalkedService = { name: 'oak', replicas, version: 0, features: { ...PLAIN, ...features } };
  return new Map([['oak', oak]]);
}

test('a plain service has its paths, its count, and nothing else', () => {
  expect(expectedState(world({}))).toEqual({
    routes: new Map([['oak', ['/oak/', '/oak-r3/']]]),
    rejected: new Map(),
    answers: new Map([['oak', 200]]),
    canaries: new Map(),
    certificates: new Map(),
    rules: new Map(),
    scraped: new Set(),
    replicas: new Map([['oak', { min: 2, max: 2 }]]),
  });
});

test('a service that asks for a certificate has a route on its domain, too', () => {
  const { routes, certificates } = expectedState(world({ isCertified: true }));
  expect(routes.get('oak')).toEqual(['/oak/', '/oak-r3/', '/demo/']);
  expect(certificates).toEqual(new Map([['oak', 'oak.test']]));
});

test('an alert is a rule as Prometheus prints it', () => {
  const { rules } = expectedState(world({ alert: { name: 'slow', figure: 42 } }));
  expect(rules).toEqual(new Map([['oak_slow', 'vector(42) > 1000000']]));
});

test('the first services have a name without dash in their rules, and the bounds of the scaler', () => {
  const { rules, replicas, scraped } = expectedState(firstWorld());
  expect(rules).toEqual(new Map());
  expect(replicas.get('steady-a')).toEqual({ min: 1, max: 3 });
  expect(scraped).toEqual(new Set(['steady-a', 'steady-b']));
});

test('a canary has no route of its own', () => {
  const { routes, canaries, answers } = expectedState(world({ canary: { of: 'steady-b', weight: 30 } }));
  expect([routes.size, answers.size, canaries]).toEqual([0, 0, new Map([['oak', 'steady-b 30 %']])]);
});

test.each([
  ['port', [], [], []],
  ['expression', ['oak'], [], [200]],
  ['password', ['oak'], [], [401]],
  ['line break', [], [], []],
] as const)(
  'hostile labels (%s) are routed %j, with rules %j, and answer %j',
  (hostility, routed, rules, answers) => {
    const state = expectedState(world({ hostility }));
    expect([...state.routes.keys()]).toEqual(routed);
    expect([...state.rules.keys()]).toEqual(rules);
    expect([...state.answers.values()]).toEqual(answers);
  },
);
