import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseProxyLabels, type Parameters } from '@docker-flow/labels';
import { nameDestinations } from './names.js';

const DEFAULTS = {
  separator: ',',
  requestMode: 'http',
  httpsOnly: false,
  domainAlgo: 'hdr_beg(host)',
} as const;

function services(...all: readonly Parameters[]) {
  return all.map((parameters) => parseProxyLabels({ servicePath: '/', ...parameters }, DEFAULTS).service);
}

test('backends are called as dashboards know them', () => {
  const [web] = services({ serviceName: 'web', aclName: 'a', port: '80', httpsPort: '443' });
  const destination = web?.destinations[0];
  if (!web || !destination) throw new Error('no destination');
  expect(nameDestinations([web])(web, destination)).toEqual({
    key: 'a80_0',
    backend: 'a-be80_0',
    httpsBackend: 'https-a-be443_0',
  });
});

test('of two services with one aclName the one that is called so keeps the plain names', () => {
  const [other, own] = services(
    { serviceName: 'aa', aclName: 'web', port: '80' },
    { serviceName: 'web', port: '80' },
  );
  const names = nameDestinations(
    services({ serviceName: 'aa', aclName: 'web', port: '80' }, { serviceName: 'web', port: '80' }),
  );
  const backendOf = (service: typeof other) =>
    service?.destinations[0] && names(service, service.destinations[0]).backend;
  expect([backendOf(own), backendOf(other)]).toEqual(['web-be80_0', 'web-be80_0-aa']);
});

test('no two destinations share a name, whatever they are called, and order plays no role', () => {
  const word = fc.constantFrom('web', 'web1', 'we', 'b', 'https-web', 'web-be80_0');
  const service = fc.record({
    serviceName: word,
    aclName: word,
    'port.1': fc.constantFrom('80', '180', '0'),
    'port.2': fc.constantFrom('80', '81'),
    httpsPort: fc.constantFrom('80', '443'),
  });
  fc.assert(
    fc.property(fc.uniqueArray(service, { selector: (one) => one.serviceName, maxLength: 6 }), (all) => {
      const list = services(...all);
      const namesOf = (order: typeof list) => {
        const names = nameDestinations(order);
        return list.flatMap((one) => one.destinations.map((destination) => names(one, destination)));
      };
      const found = namesOf(list);
      const backends = found.flatMap(({ backend, httpsBackend }) => [backend, httpsBackend]);
      expect(new Set(backends).size).toBe(backends.length);
      expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
      expect(namesOf([...list].reverse())).toEqual(found);
    }),
  );
});

test.each(['exclude_shop', 'https-shop', 'acme_shop'])('no acl of %s has the name of one of shop', (name) => {
  const all = services(
    { serviceName: name, port: '80', httpsPort: '80' },
    { serviceName: 'shop', port: '80', httpsPort: '80', servicePathExclude: '/x' },
  );
  const names = nameDestinations(all);
  const [newcomer, shop] = all.map((service) => service.destinations.map((one) => names(service, one))[0]);
  expect(shop).toEqual({ key: 'shop80_0', backend: 'shop-be80_0', httpsBackend: 'https-shop-be80_0' });
  expect(`url_${newcomer?.key}`).not.toBe(`url_exclude_${shop?.key}`);
  expect(newcomer?.backend).not.toBe(shop?.httpsBackend);
});
