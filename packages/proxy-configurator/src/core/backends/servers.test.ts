import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseProxyLabels, type Parameters } from '@docker-flow/labels';
import { renderLines } from '../../testing/render-lines.js';
import { settingsOf } from '../../testing/render-services.js';
import { httpServers, isAddress, slotsFor } from './servers.js';

function servers(
  parameters: Parameters,
  addresses: Readonly<Record<string, readonly string[]>>,
  { slots = 0, environment = {} }: { slots?: number; environment?: Readonly<Record<string, string>> } = {},
): string {
  const settings = settingsOf('/nowhere', environment);
  const { service } = parseProxyLabels(
    { serviceName: 'web', servicePath: '/', port: '80', ...parameters },
    settings.labels,
  );
  const [destination] = service.destinations;
  if (!destination) throw new Error('no destination');
  const needs = { service, destination, port: 80, backend: 'web-be80_0' };
  return renderLines(
    httpServers(needs, {
      settings,
      addresses: new Map(Object.entries(addresses)),
      slots: new Map(slots === 0 ? [] : [['web-be80_0', slots]]),
      replicasFile: '',
    }),
  ).replace(/^ {4}/gm, '');
}

test('one server with the name of the service while its name leads to one address', () => {
  expect(servers({}, { web: ['10.0.0.1'] })).toBe('server web web:80 init-addr 10.0.0.1\n');
});

test('one server for each task where the name leads to all of them, and free ones to grow into', () => {
  expect(servers({}, { web: ['10.0.0.1', '10.0.0.2'] }).split('\n')).toEqual([
    'server web web:80 init-addr 10.0.0.1',
    'server web_1 web:80 init-addr 10.0.0.2',
    'server web_2 web:80 init-addr 127.0.0.1 disabled',
    'server web_3 web:80 init-addr 127.0.0.1 disabled',
    '',
  ]);
});

test('as many servers stay as run, so that fewer tasks need no reload', () => {
  expect(servers({}, { web: ['10.0.0.1'] }, { slots: 8 }).match(/^server/gm)).toHaveLength(8);
});

test('an address is contacted as it is, nobody follows it', () => {
  expect(servers({ outboundHostname: '192.0.2.7' }, {})).toBe('server web 192.0.2.7:80\n');
});

test('a name that leads nowhere yet is a server that is disabled', () => {
  expect(servers({}, {})).toBe('server web web:80 init-addr 127.0.0.1 disabled\n');
});

test('sticky servers carry cookies with their place among the tasks', () => {
  const text = servers({ sessionType: 'sticky-server' }, { 'tasks.web': ['10.0.0.1', '10.0.0.2'] });
  expect(text).toContain('cookie web insert indirect nocache httponly\n');
  expect(text).toContain('server web_1 tasks.web:80 check cookie web_1 init-addr 10.0.0.2\n');
});

test('the cookie is for TLS only where the service is', () => {
  const sticky = { sessionType: 'sticky-server', httpsOnly: 'true' };
  expect(servers(sticky, { 'tasks.web': ['10.0.0.1'] })).toContain('httponly secure\n');
});

test('stickiness without known tasks, or of another kind, is a plain server', () => {
  expect(servers({ sessionType: 'sticky-server' }, { web: ['10.0.0.1'] })).not.toContain('cookie');
  expect(servers({ sessionType: 'other' }, { 'tasks.web': ['10.0.0.1'] })).not.toContain('cookie');
});

test('with DNS discovery HAProxy follows the tasks, at least as many as replicas are wanted', () => {
  const text = servers({ discoveryType: 'DNS', replicas: '5' }, { 'tasks.web': ['10.0.0.1'] });
  expect(text.match(/^server web[1-8] tasks\.web:80 check resolvers docker/gm)).toHaveLength(8);
  expect(text).toContain('init-addr 10.0.0.1\n');
});

test('a service that says it has more replicas than can be gets a thousand servers, not as many as it says', () => {
  const text = servers({ discoveryType: 'DNS', replicas: '99999' }, { 'tasks.web': ['10.0.0.1'] });
  expect(text.split('\n').filter((line) => line.startsWith('server ')).length).toBeLessThanOrEqual(1_024);
});

test('the parameter checkResolvers wins over the variable in both directions', () => {
  const known = { web: ['10.0.0.1'] };
  expect(servers({ checkResolvers: 'true' }, known)).toContain('check resolvers docker');
  const on = { environment: { CHECK_RESOLVERS: 'true' } };
  expect(servers({}, known, on)).toContain('check resolvers docker');
  expect(servers({ checkResolvers: 'false' }, known, on)).not.toContain('check');
});

test('TLS to the service without looking at its certificate', () => {
  expect(servers({ sslVerifyNone: 'true' }, {})).toContain(' ssl verify none ');
});

test('slots are enough for all tasks, never fewer than run, and come in steps', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.nat(100), (count, running) => {
      const slots = slotsFor(count, running);
      expect(slots).toBeGreaterThanOrEqual(Math.max(count, running, 1));
      expect(slots === running || slots % 4 === 0).toBe(true);
    }),
  );
});

test.each([
  ['10.0.0.1', true],
  ['fe80::1', true],
  ['web', false],
  ['10.web', false],
])('%s is an address: %s', (host, isOne) => {
  expect(isAddress(host)).toBe(isOne);
});
