import { expect, test } from '@jest/globals';
import type { Parameters } from '../../wire/notification.js';
import { parseProxyLabels } from './proxy-labels.js';

const DEFAULTS = { separator: ',', requestMode: 'http', httpsOnly: false, domainAlgo: 'hdr(host)' } as const;
const HTTP = { serviceName: 'web', servicePath: '/', port: '80' };
const TCP = { serviceName: 'db', reqMode: 'tcp', srcPort: '5432', port: '5432' };

function told(parameters: Parameters): readonly string[] {
  return parseProxyLabels(parameters, DEFAULTS).warnings.map(({ label }) => label);
}

test.each<[string, Parameters, Parameters]>([
  ['serverName', { serverName: 'a.test' }, { sslVerifyNone: 'true' }],
  ['serverName', { serverName: 'a.test' }, { serverCa: 'ca' }],
  ['wakeWait', { wakeWait: '9' }, { wakeOnRequest: 'true' }],
  ['cookieSameSite', { cookieSameSite: 'Lax' }, { sessionType: 'sticky-server' }],
  ['checkRise', { checkRise: '1', checkResolvers: 'false' }, { checkPath: '/up' }],
  ['checkInterval', { checkInterval: '1', checkResolvers: 'false' }, { discoveryType: 'DNS' }],
])('%s without what it needs is told of, and not with it', (label, alone, need) => {
  expect(told({ ...HTTP, ...alone })).toEqual([label]);
  expect(told({ ...HTTP, ...alone, ...need })).toEqual([]);
});

test('a no promises something where yes goes without saying', () => {
  expect(told({ ...HTTP, canarySticky: 'false' })).toEqual(['canarySticky']);
});

test('how often a check comes is told of where the operator has none, and the service asks for none', () => {
  const labels = { ...HTTP, checkInterval: '5', checkRise: '1', checkFall: '2' };
  const here = (more: Parameters, checkResolvers?: boolean) =>
    parseProxyLabels(
      { ...labels, ...more },
      { ...DEFAULTS, ...(checkResolvers !== undefined && { checkResolvers }) },
    ).warnings.map(({ label }) => label);
  expect(here({}, false)).toEqual(['checkInterval', 'checkRise', 'checkFall']);
  expect(here({}, true)).toEqual([]);
  expect(here({})).toEqual([]);
  expect(here({ checkResolvers: 'true' }, false)).toEqual([]);
  expect(here({ checkPath: '/health' }, false)).toEqual([]);
  expect(here({ discoveryType: 'DNS' }, false)).toEqual([]);
});

test('what only a check can do is told of where requests look for the servers themselves', () => {
  const sleeper = { ...HTTP, wakeOnRequest: 'true', checkRise: '1', outlierErrors: '3' };
  expect(told(sleeper)).toEqual(['outlierErrors', 'checkRise']);
  expect(told({ ...sleeper, checkPath: '/up' })).toEqual([]);
  expect(told({ ...TCP, wakeOnRequest: 'true' })).toEqual(['wakeOnRequest']);
});

test('a flag that says no promises nothing', () => {
  expect(told({ ...HTTP, sslVerifyNone: 'false', serverCa: 'ca' })).toEqual([]);
  expect(told({ ...HTTP, sslVerifyNone: 'true', serverCa: 'ca' })).toEqual(['sslVerifyNone']);
});

test('what only http knows is told of in tcp mode, and the reverse', () => {
  expect(told({ ...TCP, serverProto: 'h2', retryOn: '503', corsPreflight: 'true' })).toEqual([
    'corsPreflight',
    'serverProto',
    'retryOn',
  ]);
  expect(told({ ...HTTP, acceptProxy: 'true' })).toEqual(['acceptProxy']);
  expect(told({ ...TCP, acceptProxy: 'true', sendProxy: 'v1', maxConn: '2', retries: '1' })).toEqual([]);
});

test('a numbered label is told of where its own destination cannot use it', () => {
  const two = {
    serviceName: 'web',
    'servicePath.1': '/',
    'port.1': '80',
    'servicePath.2': '/b',
    'port.2': '81',
  };
  expect(told({ ...two, 'serverCa.1': 'ca', 'serverName.1': 'a.test', 'serverName.2': 'b.test' })).toEqual([
    'serverName.2',
  ]);
});
