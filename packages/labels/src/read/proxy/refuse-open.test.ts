import { expect, test } from '@jest/globals';
import type { Parameters } from '../../wire/notification.js';
import { parseProxyLabels } from './proxy-labels.js';

const DEFAULTS = { separator: ',', requestMode: 'http', httpsOnly: false, domainAlgo: 'hdr(host)' } as const;
const WEB = { serviceName: 'web', servicePath: '/', port: '80' };
const AUTH = { authUrl: 'http://sso:9091/verify' };

function refusal(parameters: Parameters) {
  return parseProxyLabels(parameters, DEFAULTS).refusal;
}

test.each<[string, Parameters]>([
  ['in tcp mode', { serviceName: 'db', reqMode: 'tcp', srcPort: '1', port: '1', ...AUTH }],
  ['beside templateBePath', { ...WEB, ...AUTH, templateBePath: '/t/be' }],
  ['that is no URL', { ...WEB, authUrl: 'sso:9091' }],
  ['with a name and password', { ...WEB, authUrl: 'http://a:b@sso/' }],
  ['with port 0', { ...WEB, authUrl: 'http://sso:0/' }],
  ['with a fragment', { ...WEB, authUrl: 'http://sso/#x' }],
])('authUrl %s is refused by name, never dropped', (_what, parameters) => {
  expect(refusal(parameters)).toMatchObject({ status: 400, message: expect.stringContaining('authUrl') });
});

test.each(['Host', 'content_length', 'TE', 'c*', 'Con*', 'te*', 'transfer-encoding', 'X A'])(
  'authResponseHeaders cannot take %s out of requests',
  (name) => {
    expect(refusal({ ...WEB, ...AUTH, authResponseHeaders: `Remote-User,${name}` })?.status).toBe(400);
  },
);

test.each(['Remote-User', 'X-Authentik-*', 'Host-Name', 'Te-x', 'Cookie', 'Authorization', 'Connector*'])(
  'authResponseHeaders may name %s',
  (name) => {
    expect(refusal({ ...WEB, ...AUTH, authResponseHeaders: name })).toBeUndefined();
  },
);

test('users that no destination uses any more are told of', () => {
  const told = (more: Parameters) =>
    parseProxyLabels({ ...WEB, ...AUTH, users: 'a:b', ...more }, DEFAULTS).warnings.map(({ label }) => label);
  expect(told({})).toEqual(['users']);
  const two = { 'servicePath.1': '/a', 'port.1': '80', 'servicePath.2': '/b', 'port.2': '80' };
  expect(
    parseProxyLabels({ serviceName: 'web', ...two, users: 'a:b', 'authUrl.1': AUTH.authUrl }, DEFAULTS)
      .warnings,
  ).toEqual([]);
});

test.each([
  ['canaryOf', { canaryOf: 'web2' }],
  ['wakeOnRequest', { wakeOnRequest: 'true' }],
])('%s beside templateBePath is refused, not dead without a word', (label, more) => {
  expect(refusal({ ...WEB, ...more, templateBePath: '/t/be' })).toMatchObject({
    status: 400,
    message: expect.stringContaining(label),
  });
});
