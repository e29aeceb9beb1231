import { expect, test } from '@jest/globals';
import { parseProxyLabels } from '@docker-flow/labels';
import { settingsOf } from '../../testing/render-services.js';
import { findForbiddenHost, withoutForbidden, type HostRules } from './forbidden-hosts.js';

const RULES: HostRules = {
  allowLoopback: false,
  allowedHosts: [],
  ownAddresses: () => ['10.0.1.5/24', 'fd00::5/64'],
};
const NAMES: Readonly<Record<string, readonly string[]>> = {
  web: ['10.0.1.7'],
  sneaky: ['10.0.1.9', '127.0.0.1'],
  'api.acme.com': ['203.0.113.7'],
};

function forbidden(outboundHostname: string, rules: Partial<HostRules> = {}) {
  const labels = { serviceName: 'web', servicePath: '/', port: '80', outboundHostname };
  const { service } = parseProxyLabels(labels, settingsOf('/nowhere').labels);
  return findForbiddenHost(service, (host) => NAMES[host] ?? [], { ...RULES, ...rules })?.problem;
}

test.each([
  '127.0.0.1',
  '127.8.9.1',
  '0.0.0.0',
  '::1',
  '[::1]',
  '::ffff:127.0.0.1',
  '127.000.000.001',
  'localhost',
  'a.LOCALHOST.',
  '10.0.1.5',
  'fd00::5',
  'sneaky',
])('requests are not sent to %s, which is the proxy', (host) => {
  expect(forbidden(host)).toBe('is the proxy itself');
  expect(forbidden(host, { allowLoopback: true })).toBeUndefined();
});

test.each(['10.0.1.6', 'api.acme.com', 'web', ''])('they are sent to %s', (host) => {
  expect(forbidden(host)).toBeUndefined();
});

test('an operator can say which hosts there are', () => {
  const allowedHosts = ['*.acme.com', 'db'];
  expect(forbidden('api.acme.com', { allowedHosts })).toBeUndefined();
  expect(forbidden('DB', { allowedHosts })).toBeUndefined();
  expect(forbidden('acme.com', { allowedHosts })).toBe('is not among ALLOWED_HOSTS');
  expect(forbidden('', { allowedHosts })).toBeUndefined();
});

test('a name that later leads to the proxy leads nowhere', () => {
  expect(withoutForbidden(['10.0.1.9', '127.0.0.1', '10.0.1.5'], RULES)).toEqual(['10.0.1.9']);
});
