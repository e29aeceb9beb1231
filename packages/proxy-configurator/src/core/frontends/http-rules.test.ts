import { describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { renderServices, routedService, settingsOf } from '../../testing/render-services.js';

/** Lines of the main frontend that hold a word. */
function rules(word: string, ...all: readonly Parameters[]): readonly string[] {
  const settings = settingsOf('/nowhere');
  const services = all.map((one) => routedService({ serviceName: 'web', port: '80', ...one }, settings));
  const { text } = renderServices(services, settings);
  const frontend = text.split(/\n(?=\S)/).find((one) => one.startsWith('frontend services\n')) ?? '';
  return frontend
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.includes(word));
}

test('snippets can refer to acls of path and domain by their names of old', () => {
  const lines = rules('acl', { aclName: 'a', servicePath: '/x,/y', serviceDomain: 'a.test' });
  expect(lines).toContain('acl url_a80_0 var(txn.df_path) -m beg -- /x /y');
  expect(lines).toContain('acl domain_a80_0 hdr_beg(host) -i -- a.test');
});

test('a header that must be empty is one of no length', () => {
  expect(rules('hdr_', { servicePath: '/', serviceHeader: 'X-A:' })).toContain(
    'acl hdr_web80_0_0 hdr(X-A) -m len 0',
  );
});

describe('redirectFromDomain', () => {
  test('goes to the first domain that is no wildcard, always with 301', () => {
    expect(
      rules('redirect', { serviceDomain: '*.b.test,a.test', redirectFromDomain: 'old.test,*.older.test' }),
    ).toEqual([
      'acl redirect_web80_0 hdr_beg(host) -i -- old.test',
      'acl redirect_web80_0 req.hdr(host) -i -m end -- .older.test',
      'http-request redirect code 301 prefix https://a.test if redirect_web80_0 { ssl_fc }',
      'http-request redirect code 301 prefix http://a.test if redirect_web80_0 !{ ssl_fc }',
    ]);
  });

  test('without a domain to go to costs the service nothing', () => {
    expect(rules('redirect', { servicePath: '/', redirectFromDomain: 'old.test' })).toEqual([]);
    expect(rules('use_backend', { servicePath: '/', redirectFromDomain: 'old.test' })).not.toEqual([]);
  });
});

describe('redirects behind a balancer that ends TLS', () => {
  test('never touch a connection that is TLS here', () => {
    const both = { redirectWhenHttpProto: 'true', redirectUnlessHttpsProto: 'true' };
    expect(rules('redirect', { servicePath: '/', httpsRedirectCode: '301', ...both })).toEqual([
      'http-request redirect scheme https code 301 if { hdr(X-Forwarded-Proto) http } !{ ssl_fc } url_web80_0',
      'http-request redirect scheme https code 301 if !{ hdr(X-Forwarded-Proto) https } !{ ssl_fc } url_web80_0',
    ]);
  });

  test('look at path, domain and entry port', () => {
    const [line] = rules('redirect', {
      servicePath: '/',
      serviceDomain: 'a.test',
      srcPort: '81',
      redirectWhenHttpProto: 'true',
    });
    expect(line).toMatch(/url_web80_0 domain_web80_0 srcPort_web80_0$/);
  });
});

test('the last service in order that wants to be the default backend is it', () => {
  expect(
    rules(
      'default_backend',
      { serviceName: 'b', servicePath: '/b', isDefaultBackend: 'true' },
      { serviceName: 'a', servicePath: '/a', isDefaultBackend: 'true' },
    ),
  ).toEqual(['default_backend b-be80_0']);
});

test('all redirects stand before all routes', () => {
  const lines = rules(
    '',
    { serviceName: 'a', servicePath: '/a', pathType: 'path_end' },
    { serviceName: 'b', servicePath: '/b', redirectWhenHttpProto: 'true' },
  );
  const redirect = lines.findIndex((line) => line.startsWith('http-request redirect'));
  expect(redirect).toBeGreaterThan(0);
  expect(redirect).toBeLessThan(lines.findIndex((line) => line.startsWith('use_backend')));
});
