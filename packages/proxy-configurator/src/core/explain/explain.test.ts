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

test.each([
  [{}, /^by chance, 20 of 100 clients the canary next/],
  [{ 'x-canary': 'ALWAYS' }, /^the canary next, .*: header X-Canary is "ALWAYS"/],
  [{ 'x-canary': 'never', cookie: 'df_version_web=canary' }, /^the stable service web: header/],
  [{ cookie: 'a=1; group=beta' }, /^the canary next, .*: cookie group/],
  [{ cookie: 'group=betas; df_version_web=canary' }, /^the canary next, .*: cookie df_version_web/],
  [{ cookie: 'df_version_web=stable' }, /^the stable service web: cookie df_version_web/],
])('the version of a request with %j: %s', (headers, says) => {
  const { taken, then } = explain(
    { headers },
    { serviceName: 'web', servicePath: '/' },
    {
      serviceName: 'next',
      canaryOf: 'web',
      canaryWeight: '20',
      canaryHeader: 'X-Canary',
      canaryCookie: 'group:beta',
    },
  );
  expect(taken?.service).toBe('web');
  expect(then).toEqual([{ step: 'version', says: expect.stringMatching(says) }]);
});

test.each([
  ['/', {}, []],
  ['/', { users: 'joe:pw' }, ['asks for a password of users of the service']],
  ['/', { users: 'joe:pw', ignoreAuthorization: 'true' }, []],
  [
    '/in',
    { authUrl: 'http://sso:9091/v?x=1' },
    ['the auth server behind auth-sso-9091 is asked: http://sso:9091/v'],
  ],
  ['/%6Fpen/x', { authUrl: 'http://sso/', authExcept: '/open' }, ['passes without asking: authExcept /open']],
  [
    '/openly',
    { authUrl: 'http://sso/', authExcept: '/open' },
    ['the auth server behind auth-sso-80 is asked: http://sso/'],
  ],
])('what is asked about %s of a service with %j', (path, labels, says) => {
  const { then } = explain({ path }, { serviceName: 'web', servicePath: '/', ...labels });
  expect(then.map((one) => one.says)).toEqual(says);
});

test('a service that sleeps says what would wake it', () => {
  const asleep = {
    serviceName: 'web',
    servicePath: '/',
    replicas: '0',
    wakeOnRequest: 'true',
    wakeReplicas: '2',
  };
  const awake = settingsOf('/nowhere', { SCALER_ADDRESS: 'scaler' });
  const request = { host: 'a.test', path: '/', port: 80, headers: {} };
  const of = (labels: Parameters) =>
    explainRoute(request, [routedService({ port: '80', ...labels }, awake)], awake).then;
  expect(of(asleep)).toEqual([{ step: 'waking', says: expect.stringContaining('asked for 2') }]);
  expect(of({ ...asleep, replicas: '1' })).toEqual([]);
});
