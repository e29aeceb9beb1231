import { expect, test } from '@jest/globals';
import { serviceProblems } from '../join/service-problems.js';
import { ProxyStatus, proxyReading } from '../readings/proxy.js';
import type { Pieces } from '../readings/readings.js';
import { labelOutcomes } from './label-outcomes.js';

const parameters = {
  serviceName: 'web',
  replicas: '2',
  distribute: 'true',
  port: 'x',
  servicePath: '/',
  prot: '80',
};

function outcomes(pieces: Pieces) {
  return labelOutcomes('web', pieces, serviceProblems('web', pieces)).map(({ label, state, outcome }) => [
    label,
    state,
    outcome,
  ]);
}

const status = (more: object) =>
  proxyReading(ProxyStatus.parse({ haproxy: { running: true }, ...more })).services.get('web');

test('each label has its own fate', () => {
  const rejected = status({
    rejected: [
      {
        service: 'web',
        reason: 'labels',
        message: 'service web: label port="x" is not a port; expected a number',
      },
    ],
  });
  expect(outcomes({ listener: { parameters, issues: [] }, proxy: rejected! })).toEqual([
    ['port', 'rejected', 'is not a port'],
    ['servicePath', 'not read', 'the proxy rejects the service for another reason'],
    ['prot', 'unknown', 'no program of Docker Flow knows this label'],
  ]);
});

test('labels that are in force say what they do', () => {
  const live = status({ services: [{ service: 'web', routes: [{ paths: ['/a'], backend: 'web-be80_0' }] }] });
  expect(outcomes({ listener: { parameters: { servicePath: '/a' }, issues: [] }, proxy: live! })).toEqual([
    ['servicePath', 'in force', 'routed: /a'],
  ]);
});

test('a label with an issue is shown although the listener sends nothing', () => {
  const issue = {
    service: 'web',
    label: 'com.df.scrapePort',
    value: 'y',
    problem: 'is no port',
    expected: 'one',
  };
  expect(outcomes({ listener: { issues: [issue] } })).toEqual([['scrapePort', 'warning', 'is no port']]);
});
