import { describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { ownersOf, renderServices, routedService, settingsOf } from '../../testing/render-services.js';

const settings = settingsOf('/nowhere');

/** The lines of one section, each without indentation. */
function section(head: string, ...all: readonly Parameters[]): readonly string[] {
  const services = all.map((one) =>
    routedService({ reqMode: 'tcp', srcPort: '9000', port: '80', ...one }, settings),
  );
  const { text } = renderServices(services, settings);
  const found = text.split(/\n(?=\S)/).find((one) => one.startsWith(`${head}\n`));
  return (found ?? '')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}

describe('a tcp frontend', () => {
  test('does not wait for a name when nobody asks for one', () => {
    expect(section('frontend tcpFE_9000', { serviceName: 'a' })).toEqual([
      'bind *:9000',
      'mode tcp',
      'default_backend a-be80_0',
    ]);
  });

  test('compares domains with the TLS server name and the Host header; one without domain is the fallback', () => {
    const lines = section(
      'frontend tcpFE_9000',
      { serviceName: 'a', serviceDomain: 'a.test,*.b.test', serviceDomainAlgo: 'hdr(host)' },
      { serviceName: 'b' },
    );
    expect(lines).toContain('tcp-request inspect-delay 5s');
    expect(lines).toContain('acl domain_a80_0 req.ssl_sni -i -m str -- a.test');
    expect(lines).toContain('acl domain_a80_0 req.hdr(host) -i -m end -- .b.test');
    expect(lines.slice(-2)).toEqual(['use_backend a-be80_0 if domain_a80_0', 'default_backend b-be80_0']);
  });

  test('has the options of the first service in order', () => {
    const lines = section(
      'frontend tcpFE_9000',
      { serviceName: 'b', timeoutClient: '99' },
      { serviceName: 'a', timeoutClient: '7', clitcpka: 'true' },
    );
    expect(lines.slice(2, 4)).toEqual(['timeout client 7s', 'option clitcpka']);
    expect(lines.at(-1)).toBe('default_backend b-be80_0');
  });
});

describe('an sni frontend', () => {
  const sni = { reqMode: 'sni', srcPort: '8443', port: '443' };

  test('takes domains exactly or as suffix, without any condition on the port', () => {
    const lines = section('frontend service_8443', {
      ...sni,
      serviceName: 'a',
      serviceDomain: 'a.test,*.b.test',
    });
    expect(lines.slice(-3)).toEqual([
      'acl sni_a443_0 req.ssl_sni -i -- a.test',
      'acl sni_a443_0 req.ssl_sni -i -m end -- .b.test',
      'use_backend a-be443_0 if sni_a443_0',
    ]);
  });

  test('takes the fetch of pathType, the one of old included, and names the backend after aclName', () => {
    const lines = section('frontend service_8443', {
      ...sni,
      serviceName: 'a',
      aclName: 'z',
      servicePath: 'test.',
      pathType: 'req_ssl_sni -i -m beg',
    });
    expect(lines.slice(-2)).toEqual([
      'acl sni_z443_0 req.ssl_sni -i -m beg -- test.',
      'use_backend z-be443_0 if sni_z443_0',
    ]);
  });
});

describe('a group', () => {
  test('has one server for each task of each member, and the options of the first', () => {
    const group = { serviceGroup: 'g', srcPort: '9000' };
    const services = [
      { ...group, serviceName: 'b', port: '81' },
      { ...group, serviceName: 'a', balanceGroup: 'leastconn', checkTcp: 'true' },
    ].map((one) => routedService({ reqMode: 'tcp', port: '80', ...one }, settings));
    const addresses = new Map([
      ['tasks.a', ['10.0.0.1', '10.0.0.2']],
      ['b', ['10.0.1.1']],
    ]);
    const { text } = renderServices(services, settings, { addresses });
    expect(text).toContain('listen tcpListen_g_9000\n');
    expect(text).toContain('    balance leastconn\n    option tcp-check\n');
    expect(text).toContain('    server g-a80_1 a:80 check init-addr 10.0.0.2\n');
    expect(text).toContain('    server g-b81_0 b:81 check init-addr 10.0.1.1\n');
    expect(text).not.toContain('backend a-be');
  });

  test('talks TLS to the tasks of a member that asks for it, and ends with the raw lines of all', () => {
    const group = { reqMode: 'tcp', port: '80', serviceGroup: 'g', srcPort: '9000' };
    const services = [
      { ...group, serviceName: 'a', backendExtra: 'timeout check 3s' },
      { ...group, serviceName: 'b', backendExtra: 'timeout check 3s', sslVerifyNone: 'true' },
      { ...group, serviceName: 'c', backendExtra: 'retries 2' },
    ].map((one) => routedService(one, settings));
    const rendered = renderServices(services, settings);
    const { text } = rendered;
    const lines = text.split('\n');
    expect(text).toContain('    server g-b80_0 b:80 ssl verify none init-addr 127.0.0.1\n');
    expect(text).toContain('    timeout check 3s\n    retries 2\n');
    expect(ownersOf(rendered)[lines.indexOf('    retries 2')]).toBe('c');
  });

  test('of the same name on another port is another group', () => {
    const services = ['9000', '9001'].map((srcPort, i) =>
      routedService(
        { reqMode: 'tcp', port: '80', serviceGroup: 'g', srcPort, serviceName: `s${i}` },
        settings,
      ),
    );
    const { text } = renderServices(services, settings);
    expect(text.match(/^listen tcpListen_g_900[01]$/gm)).toHaveLength(2);
  });
});
