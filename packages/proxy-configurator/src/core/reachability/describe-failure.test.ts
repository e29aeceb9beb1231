import { expect, test } from '@jest/globals';
import { routedService, settingsOf } from '../../testing/render-services.js';
import { describeFailure, type Attempt } from './describe-failure.js';
import { targetsOf } from './targets.js';

const settings = settingsOf('/nowhere');
const target = { service: 'web', backend: 'web-be80_0', host: 'web', port: 80 };

function reason(attempts: Record<string, Attempt>, tasks: Record<string, Attempt> = {}): string | undefined {
  return describeFailure(target, {
    attempts: new Map(Object.entries(attempts)),
    tasks: new Map(Object.entries(tasks)),
  });
}

test.each<[Record<string, Attempt>, Record<string, Attempt>, string]>([
  [{}, {}, 'shares no network with the proxy'],
  [{ '10.0.1.2': 'refused' }, {}, 'port 80 of web (10.0.1.2) is closed'],
  [{ '10.0.1.2': 'refused' }, { '10.0.1.3': 'refused' }, 'is closed'],
  [{ '10.0.1.2': 'no-route' }, { '10.0.1.3': 'open' }, 'no IPVS behind virtual addresses'],
  [{ '10.0.1.2': 'silent' }, { '10.0.1.3': 'open' }, 'no IPVS behind virtual addresses'],
  [{ '10.0.1.2': 'no-route' }, { '10.0.1.3': 'refused' }, 'is closed'],
  [{ '10.0.1.2': 'silent' }, {}, 'no task of web runs'],
  [{ '10.0.1.2': 'silent' }, { '10.0.1.3': 'silent' }, 'do not get through between nodes'],
])('%j and tasks %j: %s', (attempts, tasks, said) => {
  expect(reason(attempts, tasks)).toContain(said);
});

test('one address that answers is enough', () => {
  expect(reason({ '10.0.1.2': 'silent', '10.0.1.3': 'open' })).toBeUndefined();
});

test('each backend has its host and port; what sleeps or brings its own backend is not judged', () => {
  const service = (name: string, more: Record<string, string> = {}) =>
    routedService({ serviceName: name, servicePath: '/', port: '80', ...more }, settings);
  const targets = targetsOf([
    service('web', { httpsPort: '443' }),
    service('out', { outboundHostname: 'db.acme.com' }),
    service('sticky', { sessionType: 'sticky-server' }),
    service('nap', { replicas: '0', wakeOnRequest: 'true' }),
    { ...service('own'), backendSnippet: 'backend own' },
  ]);
  expect(targets.map(({ backend, host, port }) => `${backend} ${host}:${port}`)).toEqual([
    'web-be80_0 web:80',
    'https-web-be443_0 web:443',
    'out-be80_0 db.acme.com:80',
    'sticky-be80_0 tasks.sticky:80',
  ]);
});
