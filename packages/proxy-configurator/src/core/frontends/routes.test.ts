import { expect, test } from '@jest/globals';
import { parseProxyLabels, type Parameters } from '@docker-flow/labels';
import { routesOf } from './routes.js';

const NAMES = { key: 'web80_0', backend: 'web-be80_0', httpsBackend: 'https-web-be443_0' };

function routes(parameters: Parameters) {
  const { service } = parseProxyLabels(
    { serviceName: 'web', servicePath: '/web', port: '80', ...parameters },
    { separator: ',', requestMode: 'http', httpsOnly: false, domainAlgo: 'hdr_beg(host)' },
  );
  const [destination] = service.destinations;
  if (!destination) throw new Error('no destination');
  return routesOf(service, destination, NAMES, { defaultAlgo: 'hdr_beg(host)', normalize: true }).map(
    ({ conditions, keys, backend }) => ({
      backend,
      conditions: conditions().join(' '),
      keys,
    }),
  );
}

test('what depends on path, host and entry port only can be found in a table', () => {
  expect(routes({ serviceDomain: 'A.test', srcPort: '81' })).toEqual([
    {
      backend: 'web-be80_0',
      conditions: 'url_web80_0 domain_web80_0 srcPort_web80_0',
      keys: {
        paths: { kind: 'prefix', values: ['/web'] },
        hosts: { kind: 'prefix', values: ['a.test'] },
        port: 81,
      },
    },
  ]);
});

test.each([
  { servicePathExclude: '/web/private' },
  { userAgent: 'curl' },
  { serviceHeader: 'X-A:1' },
  { pathType: 'path_reg' },
  { pathType: 'path_end' },
  { servicePath: '/a b' },
  { serviceDomain: '*.a.test' },
  { serviceDomain: 'a.test', serviceDomainAlgo: 'hdr_dom(host)' },
])('%j has to be tried', (parameters) => {
  expect(routes(parameters).map(({ keys }) => keys)).toEqual([undefined]);
});

test('plain names of a list with wildcards are found in the table, the wildcards tried', () => {
  expect(routes({ serviceDomain: 'a.test,*.b.test' }).map(({ keys }) => keys?.hosts?.values)).toEqual([
    ['a.test'],
    undefined,
  ]);
});

test('the route of httpsPort has its own entry port and does not look at headers', () => {
  const [, https] = routes({ httpsPort: '8443', serviceHeader: 'X-A:1' });
  expect(https).toMatchObject({
    backend: 'https-web-be443_0',
    conditions: 'url_web80_0 srcHttpsPort_web80_0',
    keys: { port: 443 },
  });
});

test('with httpsPort alone there is no other route', () => {
  expect(routes({ port: '', httpsPort: '8443' }).map(({ backend }) => backend)).toEqual([
    'https-web-be443_0',
  ]);
});
