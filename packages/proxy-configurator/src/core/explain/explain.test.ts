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

test('says what is on the port: http only on ports that are open for it', () => {
  const web = { serviceName: 'web', servicePath: '/' };
  const mail = { serviceName: 'mail', reqMode: 'tcp', srcPort: '25' };
  const bank = { serviceName: 'bank', reqMode: 'sni', srcPort: '443', serviceDomain: '*.bank.test' };
  const ask = (port: number, host = 'a.test') => {
    const { entry, taken, tried } = explain({ port, host }, web, mail, bank);
    return [entry.open, entry.says, taken?.service, tried.length];
  };
  expect(ask(80)).toEqual([true, 'http, by DEFAULT_PORTS', 'web', 1]);
  expect(ask(443)).toEqual([true, 'https, by DEFAULT_PORTS, behind the names of sni destinations', 'web', 1]);
  expect(ask(443, 'my.bank.test:443')).toEqual([
    true,
    'names of sni destinations are looked at first',
    'bank',
    0,
  ]);
  expect(ask(25)).toEqual([true, 'bytes of tcp services', 'mail', 0]);
  expect(ask(8081)).toEqual([false, 'not open; open are 25, 80, 443', undefined, 0]);
});

test('says of two tcp services on a port who gets it', () => {
  const tcp = { reqMode: 'tcp', srcPort: '25' };
  const { taken } = explain({ port: 25 }, { serviceName: 'a', ...tcp }, { serviceName: 'b', ...tcp });
  expect(taken).toEqual({
    service: 'b',
    backend: 'b-be80_0',
    why: 'of several without serviceDomain the last one in order gets all',
  });
  const named = { serviceName: 'b', ...tcp, serviceDomain: 'b.test' };
  expect(explain({ port: 25, host: 'b.test' }, { serviceName: 'a', ...tcp }, named).taken?.service).toBe('b');
});

test('says of two services that want a request which one wins, and why', () => {
  const { taken, overtaken } = explain(
    { path: '/shop' },
    { serviceName: 'shop_web', servicePath: '/shop' },
    { serviceName: 'bad_svc', servicePath: '/shop' },
    { serviceName: 'root', servicePath: '/' },
    { serviceName: 'other', servicePath: '/other' },
  );
  expect(taken?.service).toBe('bad_svc');
  expect(overtaken.map(({ service, because }) => [service, because])).toEqual([
    ['shop_web', 'comes later: aclName bad_svc sorts before shop_web'],
    ['root', 'comes later: a service with the path / comes last'],
  ]);
});

test('lists services that are rejected, and whether it would be theirs', () => {
  const rejectedOf = (labels: Parameters) => ({
    service: routedService({ serviceName: 'new', port: '80', ...labels }, settings).service,
    message: 'no address',
  });
  const request = { host: 'a.test', path: '/shop', port: 80, headers: {} };
  const { rejected, taken } = explainRoute(request, [], settings, [
    rejectedOf({ servicePath: '/shop' }),
    rejectedOf({ servicePath: '/other' }),
  ]);
  expect(taken).toBeUndefined();
  expect(rejected).toEqual([
    { service: 'new', matches: true, because: 'rejected: no address' },
    { service: 'new', matches: false, because: 'rejected: no address' },
  ]);
});
