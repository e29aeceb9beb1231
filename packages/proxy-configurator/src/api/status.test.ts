import { expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { createServiceRegistry, type ServiceVersion } from '../services/service-registry.js';
import { describeServices, statusOf } from './status.js';
import { routedService, settingsOf } from '../testing/render-services.js';

const settings = settingsOf('/nowhere');

function registryOf(...all: readonly Parameters[]) {
  const registry = createServiceRegistry();
  const live = new Map<string, ServiceVersion>();
  for (const parameters of all) {
    const version = { parameters, routed: routedService(parameters, settings), warnings: [] };
    registry.want(version);
    live.set(version.routed.service.name, version);
  }
  registry.settle(live);
  return registry;
}

const WEB: Parameters = { serviceName: 'web', servicePath: '/', port: '80', users: 'me:secret' };

test('replicas that serve the same describe it alike, whoever passed a service on', () => {
  const one = registryOf({ ...WEB, distribute: 'true' }, { ...WEB, serviceName: 'api' });
  const other = registryOf({ port: '80', ...WEB, serviceName: 'api' }, { ...WEB, distribute: 'false' });
  expect(describeServices(one.entries())).toBe(describeServices(other.entries()));
  expect(describeServices(registryOf({ ...WEB, port: '81' }).entries())).not.toBe(
    describeServices(registryOf(WEB).entries()),
  );
});

test('services, routes, what was set aside and certificates are told, secrets are not', () => {
  const registry = registryOf(WEB);
  registry.reject('bad', { serviceName: 'bad' }, { kind: 'labels', status: 400, message: 'no port' });
  const status = statusOf({
    entries: registry.entries(),
    certificates: [
      {
        file: { name: 'a.test', path: '/certs/a.test', source: 'directory' },
        expires: new Date('2027-01-01'),
        problem: undefined,
        version: '1',
      },
    ],
    capabilities: { version: [2, 6], prometheusExporter: true },
    isRunning: true,
    fingerprint: (text) => String(text.length),
  });
  expect(status).toMatchObject({
    haproxy: { version: '2.6', running: true },
    services: [{ service: 'web', routes: [{ mode: 'http', paths: ['/'], backend: 'web-be80_0' }] }],
    rejected: [{ service: 'bad', reason: 'labels', message: 'no port', olderVersionLive: false }],
    certificates: [{ name: 'a.test', source: 'directory', expires: '2027-01-01T00:00:00.000Z' }],
  });
  expect(JSON.stringify(status)).not.toContain('secret');
});
