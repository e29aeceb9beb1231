import { expect, test } from '@jest/globals';
import { serviceProblems } from '../join/service-problems.js';
import { ProxyStatus, proxyReading } from '../readings/proxy.js';
import type { Pieces } from '../readings/readings.js';
import { ScalerServices } from '../readings/scaler.js';
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

test('labels of a target say what it asks for, or why it cannot', () => {
  const scaled = (metric: object) => ({
    listener: { parameters: { scaleOn: '@cpu', scaleMax: '5' }, issues: [] },
    scaler: {
      service: ScalerServices.parse({
        services: [
          {
            id: 'w',
            name: 'web',
            replicas: { wanted: 2 },
            min: { value: 1 },
            max: { value: 5 },
            target: {
              metrics: [{ metric: 'm1', on: '@cpu', type: 'utilization', target: 70, ...metric }],
              min: 1,
              max: 5,
              windowSeconds: { up: 0, down: 300 },
              explanation: '',
              desired: 2,
              conditions: [],
              lastLook: '2026-01-01T00:00:00Z',
            },
          },
        ],
      }).services[0]!,
    },
  });
  expect(outcomes(scaled({ value: 140, proposal: 4 }))).toEqual([
    ['scaleOn', 'in force', '@cpu asks for 4 replicas'],
    ['scaleMax', 'in force', 'scaled between 1 and 5 replicas'],
  ]);
  expect(outcomes(scaled({ failed: 'its query has no result' }))[0]).toEqual([
    'scaleOn',
    'in force',
    '@cpu cannot be measured: its query has no result',
  ]);
});
