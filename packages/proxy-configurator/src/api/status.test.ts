import { expect, test } from '@jest/globals';
import { parseProxyLabels, type Parameters } from '@docker-flow/labels';
import { createServiceStore } from '../services/service-store.js';
import { routedService, settingsOf } from '../testing/render-services.js';
import { describeServices, statusOf } from './status.js';

const settings = settingsOf('/nowhere');

function request(parameters: Parameters) {
  return { parameters, ...parseProxyLabels(parameters, settings.labels) };
}

/** A store in which all of these are live. */
function storeOf(...all: readonly Parameters[]) {
  const store = createServiceStore();
  for (const parameters of all) {
    const version = { parameters, routed: routedService(parameters, settings), warnings: [] };
    store.open(version.routed.service.name).accept(version);
  }
  store.settle(
    new Map(
      [...store.candidates()].map(([name, { wanted }]) => [
        name,
        { wanted, live: wanted, rejection: undefined },
      ]),
    ),
  );
  return store;
}

const WEB: Parameters = { serviceName: 'web', servicePath: '/', port: '80', users: 'me:secret' };

test('replicas that serve the same describe it alike, whoever passed a service on', () => {
  const one = storeOf({ ...WEB, distribute: 'true' }, { ...WEB, serviceName: 'api' });
  const other = storeOf({ port: '80', ...WEB, serviceName: 'api' }, { ...WEB, distribute: 'false' });
  expect(describeServices(one.entries())).toBe(describeServices(other.entries()));
  expect(describeServices(storeOf({ ...WEB, port: '81' }).entries())).not.toBe(
    describeServices(storeOf(WEB).entries()),
  );
});

test('services, routes, what was rejected and certificates are told, secrets are not', () => {
  const store = storeOf(WEB);
  store.open('bad').reject({
    kind: 'labels',
    status: 400,
    message: 'no port',
    request: request({ serviceName: 'bad' }),
  });
  const status = statusOf({
    settings,
    reachOf: () => ({ problem: 'port 80 of web (10.0.1.2) is closed' }),
    entries: store.entries(),
    certificates: [
      {
        file: { name: 'a.test', path: '/certs/a.test', source: 'directory' },
        issued: new Date('2026-01-01'),
        expires: new Date('2027-01-01'),
        names: ['a.test'],
        commonName: '',
        problem: undefined,
        version: '1',
      },
    ],
    renewalOf: () => ({ renewAt: '2026-11-01T00:00:00.000Z', problem: 'dns: no such name' }),
    capabilities: { version: [2, 6], prometheusExporter: true, lua: true },
    isRunning: true,
    problem: 'variable EXTRA_GLOBAL: unknown keyword',
    changes: [{ atMs: 0, outcome: 'servers', reason: 'other', services: ['web'], durationMs: 12.4 }],
    challenges: { isWanted: false, isLive: false },
  });
  expect(status).toMatchObject({
    haproxy: { version: '2.6', running: true, problem: 'variable EXTRA_GLOBAL: unknown keyword' },
    services: [
      {
        service: 'web',
        routes: [
          {
            mode: 'http',
            paths: ['/'],
            backend: 'web-be80_0',
            reachable: false,
            problem: 'port 80 of web (10.0.1.2) is closed',
          },
        ],
      },
    ],
    rejected: [{ service: 'bad', reason: 'labels', message: 'no port', olderVersionLive: false }],
    certificates: [
      {
        name: 'a.test',
        source: 'directory',
        expires: '2027-01-01T00:00:00.000Z',
        renewAt: '2026-11-01T00:00:00.000Z',
        renewalProblem: 'dns: no such name',
      },
    ],
    changes: [
      { at: '1970-01-01T00:00:00.000Z', way: 'servers', reason: 'other', services: ['web'], durationMs: 12 },
    ],
  });
  expect(JSON.stringify(status)).not.toContain('secret');
});
