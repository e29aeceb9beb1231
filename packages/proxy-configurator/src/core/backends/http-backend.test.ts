import { describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { renderServices, routedService, settingsOf } from '../../testing/render-services.js';

/** The lines of the backend of a service, without indentation. */
function backend(
  parameters: Parameters,
  environment: Readonly<Record<string, string>> = {},
  head = 'backend web-be80_0',
): readonly string[] {
  const settings = settingsOf('/nowhere', environment);
  const service = routedService(
    { serviceName: 'web', servicePath: '/web', port: '80', ...parameters },
    settings,
  );
  const { text } = renderServices([service], settings);
  const found = text.split(/\n(?=\S)/).find((one) => one.startsWith(`${head}\n`)) ?? '';
  return found
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}

test('a quote without its partner is a character of the header', () => {
  const lines = backend({ setResHeader: `X-Note it's,X-B "a, b"`, addReqHeader: 'X-Size 5"' });
  expect(lines).toEqual(
    expect.arrayContaining([
      String.raw`http-response set-header X-Note it\'s`,
      'http-response set-header X-B "a, b"',
      String.raw`http-request add-header X-Size 5\"`,
    ]),
  );
});

test('rules run in the order in which users rely on them', () => {
  const lines = backend({
    httpsOnly: 'true',
    addReqHeader: 'X-A 1',
    setReqHeader: 'X-B 2',
    delReqHeader: 'X-C',
    reqPathSearchReplace: 'a,b',
    verifyClientSsl: 'true',
    allowedMethods: 'GET',
    deniedMethods: 'PUT',
    denyHttp: 'true',
    users: 'me:secret',
    addResHeader: 'X-D 4',
    timeoutServer: '7',
    backendExtra: 'option httpchk',
  });
  const order = [
    'http-request redirect scheme https if !{ ssl_fc }',
    'http-request add-header X-Forwarded-Proto https if { ssl_fc }',
    'http-request add-header X-A 1',
    'http-request set-header X-B 2',
    'http-request del-header X-C',
    'http-request set-path',
    'http-request deny if !{ ssl_c_used } || !{ ssl_c_verify 0 }',
    'http-request deny unless method_allowed',
    'http-request deny if method_denied',
    'http-request deny if !{ ssl_fc }',
    'http-request auth realm webRealm if !{ http_auth(webUsers) }',
    'http-request del-header Authorization',
    'http-response add-header X-D 4',
    'timeout server 7s',
    'server web',
    'option httpchk',
  ].map((start) => lines.findIndex((line) => line.replaceAll("'", '').startsWith(start)));
  expect(order.every((at) => at >= 0)).toBe(true);
  expect([...order].sort((a, b) => a - b)).toEqual(order);
});

test('the backend of httpsPort neither redirects to https nor insists on it', () => {
  const lines = backend(
    { httpsPort: '443', httpsOnly: 'true', denyHttp: 'true' },
    {},
    'backend https-web-be443_0',
  );
  expect(lines.filter((line) => /redirect|deny/.test(line))).toEqual([]);
  expect(lines).toContain('server web web:443 init-addr 127.0.0.1');
});

test('the redirect has the status that was asked for', () => {
  expect(backend({ httpsOnly: 'true', httpsRedirectCode: '308' })).toContain(
    'http-request redirect scheme https code 308 if !{ ssl_fc }',
  );
});

test('answers to ACME challenges are left on plain http by HTTPS_ONLY', () => {
  const challenge = { servicePath: '/.well-known/acme-challenge' };
  const on = { HTTPS_ONLY: 'true' };
  expect(backend({}, on).join('\n')).toContain('redirect scheme https');
  expect(backend(challenge, on).join('\n')).not.toContain('redirect');
});

test.each([
  ['forceclose', ['option httpclose']],
  ['http-tunnel', []],
  ['http-server-close', ['option http-server-close']],
])('the connection mode %s', (connectionMode, lines) => {
  expect(backend({ connectionMode }).filter((line) => line.startsWith('option'))).toEqual(lines);
});

describe('compression', () => {
  test('is for the service that asks for it', () => {
    expect(backend({ compressionAlgo: 'gzip', compressionType: 'text/html text/css' })).toEqual(
      expect.arrayContaining(['compression algo gzip', 'compression type text/html text/css']),
    );
  });

  test('without an algorithm is none', () => {
    expect(backend({ compressionType: 'text/html' }).join('\n')).not.toContain('compression');
  });
});

test('a destination that ignores authorization asks for no password and passes it on', () => {
  const lines = backend({ users: 'me:secret', ignoreAuthorization: 'true' });
  expect(lines.filter((line) => /auth|Authorization/.test(line))).toEqual([]);
});

test('requests are logged only with DEBUG', () => {
  expect(backend({})).not.toContain('log global');
  expect(backend({}, { DEBUG: 'true' })).toContain('log global');
});
