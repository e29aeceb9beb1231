import { expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { renderServices, routedService, settingsOf } from '../../testing/render-services.js';

const settings = settingsOf('/nowhere');

function backend(parameters: Parameters, hosts: readonly string[] = ['10.0.0.1']): readonly string[] {
  const service = routedService(
    { serviceName: 'web', servicePath: '/', port: '80', ...parameters },
    settings,
  );
  const { text } = renderServices([service], settings, { addresses: new Map([['web', hosts]]) });
  const [, section = ''] = text.split('backend web-be80_0\n');
  return section.split('\n').map((line) => line.trim());
}

test('checkPath asks for the path with the first plain domain, or the name of the service, as Host', () => {
  const lines = backend({ checkPath: '/up?full=1', serviceDomain: '*.b.test,a.test' });
  expect(lines).toContain('option httpchk');
  expect(lines).toContain('http-check send meth GET uri /up?full=1 ver HTTP/1.1 hdr Host a.test');
  expect(lines).toContain('http-check expect status 200-399');
  expect(lines).toContain('server web web:80 check init-addr 10.0.0.1');
  expect(backend({ checkPath: '/up' })).toContain(
    'http-check send meth GET uri /up ver HTTP/1.1 hdr Host web',
  );
});

test('a single server is never left out for errors of one task, servers of tasks are, and are checked then', () => {
  const outlier = 'observe layer7 error-limit 3 on-error mark-down';
  expect(backend({ outlierErrors: '3' })).toContain('server web web:80 init-addr 10.0.0.1');
  expect(backend({ outlierErrors: '3' }, ['10.0.0.1', '10.0.0.2'])).toContain(
    `server web web:80 check ${outlier} init-addr 10.0.0.1`,
  );
});

test('retries and their reasons; the next try goes elsewhere', () => {
  const lines = backend({ retries: '1', retryOn: '503,conn-failure' });
  expect(lines).toEqual(
    expect.arrayContaining(['retry-on 503 conn-failure', 'retries 1', 'option redispatch 1']),
  );
  expect(backend({})).not.toContain('option redispatch 1');
});

test('the cookie of sticky-server has the attributes that are asked for; None brings Secure', () => {
  const cookie = (labels: Parameters) => {
    const service = routedService(
      { serviceName: 'web', servicePath: '/', port: '80', sessionType: 'sticky-server', ...labels },
      settings,
    );
    const addresses = new Map([['tasks.web', ['10.0.0.1']]]);
    return /cookie web insert .*$/m.exec(renderServices([service], settings, { addresses }).text)?.[0];
  };
  const plain = 'cookie web insert indirect nocache httponly';
  expect(cookie({})).toBe(plain);
  expect(cookie({ cookieSecure: 'true' })).toBe(`${plain} secure`);
  expect(cookie({ httpsOnly: 'true', cookieSecure: 'false' })).toBe(plain);
  expect(cookie({ cookieSameSite: 'None', cookieSecure: 'false' })).toBe(
    `${plain} secure attr SameSite=None`,
  );
});
