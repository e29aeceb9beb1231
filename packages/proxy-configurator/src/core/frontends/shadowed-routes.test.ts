import { expect, test } from '@jest/globals';
import { formatIssue, type Parameters } from '@docker-flow/labels';
import { growthOfTime } from '@docker-flow/testkit';
import { routedService, settingsOf } from '../../testing/render-services.js';
import { findShadows, shadowIssues } from './shadowed-routes.js';

const settings = settingsOf('/nowhere');
const options = { defaultAlgo: settings.labels.domainAlgo };

function told(...all: readonly Parameters[]): Readonly<Record<string, readonly string[]>> {
  const services = all.map((one) => routedService({ port: '80', ...one }, settings));
  const said = (list: typeof services) =>
    Object.fromEntries(
      [...shadowIssues(list, options)].sort().map(([name, issues]) => [name, issues.map(formatIssue)]),
    );
  expect(said([...services].reverse())).toEqual(said(services));
  return said(services);
}

test('both hear of a path that the first in order takes from the other', () => {
  expect(
    told(
      { serviceName: 'shop_web', servicePath: '/shop,/cart' },
      { serviceName: 'bad_svc', servicePath: '/shop' },
    ),
  ).toEqual({
    bad_svc: [
      'service bad_svc: label servicePath="/shop" takes requests from shop_web, because of the order of services; expected an aclName that sorts behind, or another path',
    ],
    shop_web: [
      'service shop_web: label servicePath="/shop,/cart" gets no request for /shop: the service bad_svc comes first and takes all of them; expected an aclName that sorts before bad_svc, or another path',
    ],
  });
});

test.each([
  [{ servicePath: '/api' }, { servicePath: '/api/v2' }],
  [
    { servicePath: '/x', serviceDomain: '*.test' },
    { servicePath: '/x/y', serviceDomain: 'a.test' },
  ],
  [{ serviceDomain: 'a.test' }, { serviceDomain: 'A.test' }],
  [{ serviceDomain: 'shop.example' }, { serviceDomain: 'shop.example.com' }],
  [
    { serviceDomain: 'a.test', serviceDomainAlgo: 'hdr_dom(host)' },
    { serviceDomain: 'www.a.test', serviceDomainAlgo: 'hdr_dom(host)' },
  ],
  [
    { servicePath: '/x', pathType: 'path' },
    { servicePath: '/x', pathType: 'path' },
  ],
  [
    { reqMode: 'tcp', srcPort: '90' },
    { reqMode: 'tcp', srcPort: '90' },
  ],
])('aa with %j and bb with %j cannot both be reached', (a, b) => {
  expect(Object.keys(told({ serviceName: 'aa', ...a }, { serviceName: 'bb', ...b }))).toEqual(['aa', 'bb']);
});

test.each<[Parameters, Parameters]>([
  [
    { serviceDomain: 'shop.example', serviceDomainAlgo: 'hdr(host)' },
    { serviceDomain: 'shop.example.com', serviceDomainAlgo: 'hdr(host)' },
  ],
  [{ serviceDomain: 'a.test' }, { serviceDomain: 'www.a.test' }],
  [{ serviceDomain: 'a.test' }, { serviceDomain: '*.a.test' }],
  [{ servicePath: '/api/v2' }, { servicePath: '/api' }],
  [{ servicePath: '/' }, { servicePath: '/api' }],
  [{ servicePath: '/x', serviceHeader: 'X-A:1' }, { servicePath: '/x' }],
  [{ servicePath: '/x', userAgent: 'curl' }, { servicePath: '/x' }],
  [{ servicePath: '/x', servicePathExclude: '/x/y' }, { servicePath: '/x' }],
  [{ servicePath: '/x', serviceDomain: 'a.test' }, { servicePath: '/x' }],
  [{ servicePath: '/x', srcPort: '81' }, { servicePath: '/x' }],
  [{ servicePath: '/x', pathType: 'path' }, { servicePath: '/x' }],
  [{ servicePath: '/x' }, { servicePath: '/x', canaryOf: 'aa' }],
  [
    { reqMode: 'tcp', srcPort: '90', serviceDomain: 'a.test' },
    { reqMode: 'tcp', srcPort: '90' },
  ],
])('aa with %j leaves something to bb with %j', (a, b) => {
  expect(told({ serviceName: 'aa', ...a }, { serviceName: 'bb', ...b })).toEqual({});
});

test('a destination is never reached only when one other takes all its paths, of its own service if that is asked for', () => {
  const find = (withinServices: boolean, ...all: readonly Parameters[]) =>
    findShadows(
      all.map((one) => routedService({ port: '80', ...one }, settings)),
      { ...options, withinServices },
    ).map(({ winner, lost, isWhole }) => [winner.service.name, lost, isWhole]);
  const a = { serviceName: 'a', servicePath: '/x' };
  const b = { serviceName: 'b', servicePath: '/x,/y' };
  const c = { serviceName: 'c', servicePath: '/x/1,/y/1' };
  expect(find(false, a, b)).toEqual([['a', ['/x'], false]]);
  // The first one takes a part, but the second one everything.
  expect(find(false, a, b, c)).toEqual([
    ['a', ['/x'], false],
    ['b', ['/x/1', '/y/1'], true],
  ]);
  const twice = {
    serviceName: 'a',
    'servicePath.1': '/x',
    'port.1': '1',
    'servicePath.2': '/x',
    'port.2': '2',
  };
  expect(find(false, twice)).toEqual([]);
  expect(find(true, twice)).toEqual([['a', ['/x'], true]]);
});

test('of many domains each is compared with those only that may cover it', () => {
  const services = Array.from({ length: 2_000 }, (_, i) =>
    routedService({ serviceName: `s${i}`, serviceDomain: `s${i}.acme.test`, port: '80' }, settings),
  );
  const lists = new Map([250, 2_000].map((count) => [count, services.slice(0, count)]));
  const work = (length: number) => findShadows(lists.get(length) ?? [], options);
  expect(growthOfTime(work, { length: 250, factor: 8, noiseMs: 20 })).toBeLessThan(24);
});
