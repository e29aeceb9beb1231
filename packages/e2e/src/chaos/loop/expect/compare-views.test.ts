import { expect, test } from '@jest/globals';
import { firstWorld } from '../plan/walk.js';
import {
  mapDifferences,
  prometheusDifferences,
  proxyDifferences,
  replicaDifferences,
  type ProxyView,
} from './compare-views.js';
import { expectedState } from './expected-state.js';

const expected = expectedState(firstWorld());
const right: ProxyView = {
  node: 'n1',
  routes: expected.routes,
  canaries: new Map(),
  answers: expected.answers,
  certificates: expected.certificates,
  config: '',
};

test('nothing is different where all is as the labels say', () => {
  expect(proxyDifferences(expected, [right, { ...right, node: 'n2' }], 'evil')).toEqual([]);
  const tasks = new Map([
    ['steady-a', ['10.0.0.2', '10.0.0.1']],
    ['steady-b', ['10.0.0.3']],
  ]);
  const targets = new Map([
    ['steady-a', ['10.0.0.1:8080', '10.0.0.2:8080']],
    ['steady-b', ['10.0.0.3:8080']],
  ]);
  expect(prometheusDifferences(expected, tasks, { rules: new Map(), targets })).toEqual([]);
  const wanted = new Map([
    ['steady-a', 3],
    ['steady-b', 2],
  ]);
  expect(replicaDifferences(expected, { wanted, decided: new Map([['steady-a', 3]]) })).toEqual([]);
});

test('a proxy that lacks a route, has one too many and answers wrongly', () => {
  const view: ProxyView = {
    ...right,
    routes: new Map([
      ['steady-b', ['/steady-b/', '/steady-b-r0/']],
      ['gone', ['/gone/']],
    ]),
    answers: new Map([...expected.answers, ['steady-a', 503]]),
    certificates: new Map([['steady-a', 'Error: certificate has expired']]),
    config: 'backend x\n  server evil 1.2.3.4:80\n  http-request set-header X "server evil"\n',
  };
  expect(proxyDifferences(expected, [view], 'evil')).toEqual([
    'proxy on n1: routes of gone: ["/gone/"], expected none',
    'proxy on n1: routes of steady-a: none, expected ["/steady-a/","/steady-a-r0/","/demo/"]',
    'proxy on n1: answer of steady-a: 503, expected 200',
    'proxy on n1: certificate of steady-a: "Error: certificate has expired", expected "steady-a.test"',
    'proxy on n1: a label has become the line "server evil 1.2.3.4:80"',
  ]);
});

test('of a service whose labels are rejected, routes of earlier labels may be live, those of the rejected ones not', () => {
  const steady = firstWorld().get('steady-a');
  if (!steady) throw new Error('there is no steady-a');
  const features = { ...steady.features, isCertified: false, revision: 3, hostility: 'line break' as const };
  const hostile = expectedState(new Map(firstWorld()).set('steady-a', { ...steady, features }));
  const { routes, answers, certificates } = hostile;
  const none = { ...right, routes, answers, certificates };
  const seen = (path: string): ProxyView => ({
    ...none,
    routes: new Map([...right.routes, ['steady-a', ['/steady-a/', path]]]),
  });
  expect(proxyDifferences(hostile, [seen('/steady-a-r2/'), none], 'evil')).toEqual([]);
  expect(proxyDifferences(hostile, [seen('/steady-a-r3/')], 'evil')).toEqual([
    'proxy on n1: routes of steady-a: ["/steady-a/","/steady-a-r3/"], expected none',
  ]);
});

test('targets that are not the tasks, and a rule that nobody asked for', () => {
  const view = {
    rules: new Map([['oak_slow', 'vector(1)']]),
    targets: new Map([['steady-a', ['10.0.0.9:8080']]]),
  };
  expect(prometheusDifferences(expected, new Map([['steady-a', ['10.0.0.1']]]), view)).toEqual([
    'Prometheus: rule oak_slow: "vector(1)", expected none',
    'Prometheus: targets of steady-a: ["10.0.0.9:8080"], expected ["10.0.0.1:8080"]',
    'Prometheus: targets of steady-b: none, expected []',
  ]);
});

test('counts outside of the bounds, and others than were decided', () => {
  const wanted = new Map([['steady-a', 4]]);
  expect(replicaDifferences(expected, { wanted, decided: new Map() })).toEqual([
    'Docker: steady-a has 4 replica(s), expected 1 to 3',
    'Docker: there is no service steady-b',
  ]);
  const other = new Map([
    ['steady-a', 2],
    ['steady-b', 1],
  ]);
  expect(replicaDifferences(expected, { wanted: other, decided: new Map([['steady-a', 3]]) })).toEqual([
    'Docker: steady-a has 2 replica(s), but 3 were decided last',
    'Docker: steady-b has 1 replica(s), expected 2',
  ]);
});

test('names are sorted, so that two reports can be compared', () => {
  expect(mapDifferences('x', new Map([['b', 1]]), new Map([['a', 2]]))).toEqual([
    'x a: 2, expected none',
    'x b: none, expected 1',
  ]);
});
