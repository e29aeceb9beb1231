import { expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { renderServices, routedService, settingsOf } from '../../testing/render-services.js';
import { authServerOf } from './auth-servers.js';

const settings = settingsOf('/root');
const NO_MORE = {
  signin: undefined,
  requestHeaders: undefined,
  responseHeaders: [],
  except: [],
  timeoutSeconds: 2,
};

function rendered(...services: readonly Parameters[]): string {
  const all = services.map((one) => routedService({ servicePath: '/', port: '80', ...one }, settings));
  return renderServices(all, settings, { addresses: new Map([['sso', ['10.0.0.9']]]) }).text;
}

test.each([
  ['http://sso', 'sso', 80, false, 'auth-sso-80'],
  ['http://SSO:9091/verify?x=1', 'sso', 9091, false, 'auth-sso-9091'],
  ['https://auth.acme.com/a', 'auth.acme.com', 443, true, 'auth-auth.acme.com-443'],
  ['https://sso:80', 'sso', 80, true, 'auth-sso-80-https'],
  ['http://sso:443', 'sso', 443, false, 'auth-sso-443-http'],
  ['http://[fd00::1]:81/x', 'fd00::1', 81, false, 'auth-fd00::1-81'],
])('%s is %s at port %d', (url, host, port, tls, backend) => {
  expect(authServerOf({ url, ...NO_MORE })).toEqual({ host, port, tls, backend });
});

test('each auth server is one backend, with the longest time that anybody gives it', () => {
  const text = rendered(
    { serviceName: 'a', authUrl: 'http://sso/x', authTimeout: '3' },
    { serviceName: 'b', authUrl: 'http://sso/y', authTimeout: '9' },
  );
  expect(text.match(/^backend auth-.*$/gm)).toEqual(['backend auth-sso-80']);
  expect(text).toContain('timeout server 9s\n');
  expect(text).toContain('server auth sso:80 init-addr 10.0.0.9\n');
  expect(text).toContain('lua-load ');
});

test('https is verified by the authorities of the system, with the host as name', () => {
  expect(rendered({ serviceName: 'a', authUrl: 'https://auth.test/x' })).toContain(
    'server auth auth.test:443 ssl verify required ca-file @system-ca sni str(auth.test) init-addr 127.0.0.1 disabled\n',
  );
});

test('without forward auth there is neither script nor inner frontend', () => {
  const off = rendered({ serviceName: 'a', authUrl: 'http://sso/x', ignoreAuthorization: 'true' });
  expect(off).not.toMatch(/lua|df-auth/);
  expect(rendered({ serviceName: 'a' })).not.toMatch(/lua|df-auth/);
});
