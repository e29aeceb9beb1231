import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Parameters } from '@docker-flow/labels';
import { hostileService } from '../../testing/hostile-values.js';
import { ownersOf, renderServices, routedService, settingsOf } from '../../testing/render-services.js';

function render(all: readonly Parameters[], environment: Readonly<Record<string, string>> = {}): string {
  const settings = settingsOf('/nowhere', environment);
  return renderServices(
    all.map((one) => routedService(one, settings)),
    settings,
  ).text;
}

function heads(text: string): readonly string[] {
  return text.split('\n').filter((line) => /^\S/.test(line));
}

const WEB: Parameters = { serviceName: 'web', servicePath: '/web', port: '80' };
const TCP: Parameters = { serviceName: 'db', reqMode: 'tcp', srcPort: '5432', port: '5432' };

test('the same services make the same bytes, in whatever order they came', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const services = fc
    .uniqueArray(name, { minLength: 1 })
    .chain((names) => fc.tuple(...names.map((one) => hostileService(one))));
  fc.assert(
    fc.property(services, (all) => {
      expect(render([...all].reverse())).toBe(render(all));
    }),
  );
});

test('sections come in the order that custom snippets rely on', () => {
  const sni: Parameters = {
    serviceName: 's',
    reqMode: 'sni',
    srcPort: '8443',
    port: '443',
    serviceDomain: 'a',
  };
  const grouped: Parameters = { ...TCP, serviceName: 'g', srcPort: '5433', serviceGroup: 'g' };
  const text = render([WEB, TCP, sni, grouped, { ...WEB, serviceName: 'x', users: 'a:b' }], { USERS: 'u:p' });
  expect(heads(text)).toEqual([
    'global',
    'resolvers docker',
    'defaults',
    'frontend prometheus-exporter',
    'userlist defaultUsers',
    'frontend services',
    'frontend tcpFE_5432',
    'frontend service_8443',
    'listen tcpListen_g_5433',
    'backend db-be5432_0',
    'backend web-be80_0',
    'userlist xUsers',
    'backend x-be80_0',
    'backend s-be443_0',
  ]);
});

describe('the default ports', () => {
  test('are bound without any service, so that somebody answers', () => {
    expect(render([])).toContain('    bind *:80\n');
    expect(render([])).toContain('    bind *:443 ssl crt-list');
  });

  test('are left to tcp services where there is no http service', () => {
    expect(heads(render([{ ...TCP, srcPort: '80' }]))).not.toContain('frontend services');
  });

  test('are bound again with the first http service', () => {
    expect(render([TCP, WEB])).toContain('    bind *:80\n');
  });

  test('do not go with the bound ports of the operator, which are always there', () => {
    expect(render([TCP], { BIND_PORTS: '8443:ssl' })).toContain('    bind *:8443 ssl crt-list');
  });
});

describe('a service with templates of its own', () => {
  const settings = settingsOf('/nowhere');
  const routed = { ...routedService(WEB, settings) };

  test('keeps the other side as generated', () => {
    const backend = renderServices(
      [{ ...routed, backendSnippet: 'backend web-be80_0\n    server a b:1' }],
      settings,
    ).text;
    expect(backend).toContain('acl url_web80_0');
    expect(backend).toContain('    server a b:1\n');
    expect(backend).not.toContain('server web ');
    const frontend = renderServices([{ ...routed, frontendSnippet: '    acl mine path /m' }], settings).text;
    expect(frontend).toContain('    acl mine path /m\n');
    expect(frontend).not.toContain('acl url_web80_0');
    expect(frontend).toContain('server web ');
  });

  test('has its snippet in the main frontend, whatever sections follow', () => {
    const tcp = routedService(TCP, settings);
    const { text } = renderServices([{ ...routed, frontendSnippet: '    acl mine path /m' }, tcp], settings);
    expect(text.indexOf('acl mine')).toBeLessThan(text.indexOf('frontend tcpFE_5432'));
    expect(text).toContain('bind *:80');
  });
});

test('each line of a service is known to be its own', () => {
  const settings = settingsOf('/nowhere');
  const rendered = renderServices([routedService({ ...WEB, users: 'a:b' }, settings)], settings);
  const lines = rendered.text.split('\n');
  const owners = ownersOf(rendered);
  const own = lines.filter((_, i) => owners[i] === 'web');
  expect(own).toEqual(expect.arrayContaining(['userlist webUsers', 'backend web-be80_0']));
  expect(own.some((line) => line.includes('acl url_web80_0'))).toBe(true);
  expect(lines.filter((line, i) => line.includes('web') && owners[i] !== 'web')).toEqual([]);
});

test('addresses play no role in the structure, everything else does', () => {
  const settings = settingsOf('/nowhere');
  const at = (address: string, more: Parameters = {}) =>
    renderServices([routedService({ ...WEB, ...more }, settings)], settings, { address });
  const structure = (address: string, more?: Parameters) =>
    at(address, more).blocks.map((block) => block.structure);
  expect(structure('10.0.0.1')).toEqual(structure('10.0.0.2'));
  expect(at('10.0.0.1').text).not.toBe(at('10.0.0.2').text);
  expect(structure('10.0.0.1', { timeoutServer: '9' })).not.toEqual(structure('10.0.0.1'));
});

test('without the exporter built in there is no section for it', () => {
  const settings = settingsOf('/nowhere');
  const { text } = renderServices([], settings, {
    capabilities: { version: [2, 8], prometheusExporter: false, lua: true },
  });
  expect(text).not.toContain('prometheus-exporter');
});

test('the statistics page has its own section on a port of its own, else it lives on every http port', () => {
  const page = { STATS_USER: 'me', STATS_PASS: 'secret' };
  expect(heads(render([], { ...page, STATS_PORT: '8081' }))).toContain('listen stats');
  expect(heads(render([], page))).not.toContain('listen stats');
  expect(render([], page)).toContain('    stats auth me:secret\n');
  expect(render([], { STATS_USER: 'none', STATS_PASS: 'NONE' })).not.toContain('stats auth');
  expect(render([], { STATS_USER: 'none', STATS_PASS: 'secret' })).toContain('stats auth none:secret');
});
