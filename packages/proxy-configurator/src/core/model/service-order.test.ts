import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseProxyLabels } from '@docker-flow/labels';
import { compareServices, inServiceOrder } from './service-order.js';

const DEFAULTS = {
  separator: ',',
  requestMode: 'http',
  httpsOnly: false,
  domainAlgo: 'hdr_beg(host)',
} as const;

function sorted(...all: readonly Readonly<Record<string, string>>[]): readonly string[] {
  return all
    .map((parameters) => parseProxyLabels({ port: '80', ...parameters }, DEFAULTS).service)
    .sort(compareServices)
    .map(({ name }) => name);
}

test('challenges go first, the root path and bare domains last, the rest between', () => {
  expect(
    sorted(
      { serviceName: 'a-root', servicePath: '/' },
      { serviceName: 'b-domain', serviceDomain: 'b.test' },
      { serviceName: 'c-path', servicePath: '/c' },
      { serviceName: 'd-acme', servicePath: '/.Well-Known/acme-challenge' },
    ),
  ).toEqual(['d-acme', 'c-path', 'a-root', 'b-domain']);
});

test('one root path among several destinations is enough to go last', () => {
  expect(
    sorted(
      { serviceName: 'a', 'servicePath.1': '/a', 'servicePath.2': '/', 'port.2': '81' },
      { serviceName: 'b', servicePath: '/b' },
    ),
  ).toEqual(['b', 'a']);
});

test('ties are broken by aclName, byte by byte', () => {
  const one = (aclName: string) => ({ serviceName: `s${aclName}`, aclName, servicePath: '/x' });
  expect(sorted(one('a'), one('9'), one('B'), one('10'))).toEqual(['s10', 's9', 'sB', 'sa']);
});

test('the length of a path plays no role', () => {
  expect(
    sorted({ serviceName: 'bb', servicePath: '/api/v2' }, { serviceName: 'aa', servicePath: '/api' }),
  ).toEqual(['aa', 'bb']);
});

test('the order does not depend on arrival', () => {
  const path = fc.constantFrom('/', '/a', '/.well-known/x');
  const service = fc.record({
    serviceName: fc.constantFrom('a', 'b', 'c', 'd'),
    aclName: fc.constantFrom('x', 'y'),
    servicePath: path,
  });
  fc.assert(
    fc.property(fc.uniqueArray(service, { selector: (one) => one.serviceName }), (all) => {
      expect(sorted(...[...all].reverse())).toEqual(sorted(...all));
      const services = all.map((one) => ({
        service: parseProxyLabels({ port: '80', ...one }, DEFAULTS).service,
      }));
      expect(inServiceOrder(services).map(({ service }) => service.name)).toEqual(sorted(...all));
    }),
  );
});
