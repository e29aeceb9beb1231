import { expect, test } from '@jest/globals';
import { MonitorStatus, monitorReading } from '../readings/monitor.js';
import { ProxyStatus, proxyReading } from '../readings/proxy.js';
import { serviceProblems } from './service-problems.js';

test('an alert that Prometheus rejects, or cannot evaluate, is told at its label', () => {
  const { services } = monitorReading(
    MonitorStatus.parse({
      prometheus: { running: true },
      lastReload: { result: 'live' },
      services: [
        {
          serviceName: 'web',
          alerts: [
            { alertName: 'slow', alertNameFormatted: 'web_slow', expression: 'x' },
            { alertName: 'many', alertNameFormatted: 'web_many', expression: 'y', lastError: 'many-to-many' },
          ],
        },
      ],
      rejectedParts: [{ part: 'alert web web_slow', reason: 'bad template' }],
    }),
  );
  const parameters = { 'alertName.1': 'many', 'alertName.2': 'slow' };
  const found = serviceProblems('web', {
    monitor: services.get('web')!,
    listener: { parameters, issues: [] },
  });
  expect(found).toEqual([
    {
      source: 'monitor',
      service: 'web',
      kind: 'warning',
      text: 'alert many cannot be evaluated: many-to-many',
    },
    {
      source: 'monitor',
      service: 'web',
      kind: 'rejected',
      label: 'alertIf.2',
      text: 'alert slow: bad template',
    },
  ]);
});

test('why the proxy does not reach a service is told once, however many routes it has', () => {
  const problem = 'port 8080 of web is closed';
  const route = { paths: ['/'], backend: 'web-be8080_0', problem };
  const { services } = proxyReading(
    ProxyStatus.parse({
      haproxy: { running: true },
      services: [{ service: 'web', routes: [route, { ...route, backend: 'web-be8080_1' }] }],
    }),
  );
  expect(serviceProblems('web', { proxy: services.get('web')! })).toEqual([
    { source: 'proxy', service: 'web', kind: 'warning', text: `requests end in 503: ${problem}` },
  ]);
});
