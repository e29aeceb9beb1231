import { expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { routedService, settingsOf } from '../../testing/render-services.js';
import { explainRoute, type ExplainedRequest } from './explain.js';

const settings = settingsOf('/nowhere');

function explain(request: Partial<ExplainedRequest>, ...services: readonly Parameters[]) {
  return explainRoute(
    { host: 'a.test', path: '/', port: 80, headers: {}, ...request },
    services.map((one) => routedService({ port: '80', ...one }, settings)),
    settings,
  );
}

test('says which route is taken and why, and why not those before it', () => {
  const { taken, tried } = explain(
    { path: '/api/v2?x=1' },
    { serviceName: 'bb', servicePath: '/api/v2' },
    { serviceName: 'aa', servicePath: '/api', serviceDomain: 'other.test' },
    { serviceName: 'zz', serviceDomain: 'a.test' },
  );
  expect(taken).toEqual({ service: 'bb', backend: 'bb-be80_0', why: 'path_beg /api/v2' });
  expect(tried).toEqual([
    {
      service: 'aa',
      backend: 'aa-be80_0',
      matches: false,
      because: 'hdr_beg(host) -i other.test does not match',
    },
    { service: 'bb', backend: 'bb-be80_0', matches: true, because: 'path_beg /api/v2' },
  ]);
});

test.each([
  [{ servicePathExclude: '/x/private' }, { path: '/x/private/y' }, 'servicePathExclude /x/private matches'],
  [{ serviceHeader: 'X-A:1' }, { headers: { 'x-a': '2' } }, 'header X-A is not "1"'],
  [{ serviceHeader: 'X-A:1' }, { headers: { 'x-a': '2, 1' } }, undefined],
  [{ userAgent: 'curl' }, { headers: { 'user-agent': 'Mozilla' } }, 'User-Agent holds none of curl'],
  [{ userAgent: 'curl' }, { headers: { 'user-agent': 'CURL/8' } }, undefined],
  [{ srcPort: '81' }, {}, 'entry port is not 81'],
  [{ serviceDomain: '*.test' }, { host: 'a.test:8080' }, undefined],
])('a service with %j and a request with %j: %s', (labels, request, because) => {
  const { taken, tried } = explain(
    { path: '/x', ...request },
    { serviceName: 'web', servicePath: '/x', ...labels },
  );
  expect(taken?.service).toBe(because === undefined ? 'web' : undefined);
  expect(taken ? undefined : tried[0]?.because).toBe(because);
});

test('what only HAProxy can tell is left open, and the next route looked at', () => {
  const { taken, tried } = explain(
    {},
    { serviceName: 'aa', servicePath: '/', serviceDomain: 'x', serviceDomainAlgo: 'hdr(X-Host)' },
    { serviceName: 'bb', servicePath: '/' },
  );
  expect([tried[0]?.matches, taken?.service]).toEqual([null, 'bb']);
});

test('a TLS request to httpsPort takes the route of its own', () => {
  const labels = { serviceName: 'web', servicePath: '/', httpsPort: '8443' };
  expect(explain({ port: 443 }, labels).taken?.backend).toBe('https-web-be8443_0');
  expect(explain({ port: 80 }, labels).taken?.backend).toBe('web-be80_0');
});

test('nothing matches, or the default backend takes it', () => {
  const service = { serviceName: 'web', servicePath: '/web' };
  expect(explain({ path: '/x' }, service).taken).toBeUndefined();
  expect(explain({ path: '/x' }, { ...service, isDefaultBackend: 'true' }).taken).toMatchObject({
    service: 'web',
    why: expect.stringContaining('default backend'),
  });
});
