import { expect, test } from '@jest/globals';
import { formatIssue, type Parameters } from '@docker-flow/labels';
import { routedService, settingsOf } from '../../testing/render-services.js';
import { findPortConflicts } from './entry-port-conflicts.js';

const settings = settingsOf('/nowhere', { STATS_USER: 'a', STATS_PASS: 'b', STATS_PORT: '8081' });

/** What is said against services in this order; the same in any other order. */
function conflicts(...all: readonly Parameters[]): readonly string[] {
  const read = all.map((one) => routedService(one, settings));
  const said = (services: typeof read) =>
    [...findPortConflicts(services, settings).values()].map(formatIssue);
  expect(said([...read].reverse())).toEqual(said(read));
  return said(read);
}

function tcp(name: string, srcPort: string, more: Parameters = {}): Parameters {
  return { serviceName: name, reqMode: 'tcp', srcPort, port: '80', ...more };
}

const web: Parameters = { serviceName: 'web', servicePath: '/', port: '80' };

function sni(name: string, srcPort: string): Parameters {
  return tcp(name, srcPort, { reqMode: 'sni', serviceDomain: `${name}.test` });
}

test('tcp services share a port, and sni destinations any', () => {
  expect(conflicts(tcp('a', '9000'), tcp('b', '9000'), sni('c', '9000'))).toEqual([]);
  expect(conflicts(web, sni('a', '443'), sni('b', '443'))).toEqual([]);
});

test('the first group in order has its port for itself', () => {
  const grouped = (name: string, group: string) => tcp(name, '9000', { serviceGroup: group });
  expect(conflicts(grouped('a', 'g'), grouped('b', 'g'), sni('c', '9000'))).toEqual([]);
  expect(conflicts(grouped('b', 'g'), grouped('a', 'h'))).toEqual([
    'service b: label srcPort="9000" is taken by the tcp group h of the service a; expected a port that nothing else listens on',
  ]);
});

test.each([
  ['8080', 'the API of the proxy'],
  ['8081', 'STATS_PORT'],
])('the port %s belongs to %s', (port, owner) => {
  for (const service of [tcp('a', port), sni('a', port)])
    expect(conflicts(service)[0]).toContain(`is taken by ${owner}`);
});

test('the default ports are free for tcp as long as there is no http service', () => {
  expect(conflicts(tcp('a', '443'))).toEqual([]);
  expect(conflicts(tcp('a', '443'), web, sni('b', '443'))).toEqual([
    'service a: label srcPort="443" is taken by DEFAULT_PORTS as long as there is an http service; expected another port, or reqMode=sni, which shares it',
  ]);
});

test('a service cannot take a default port from its own http destination', () => {
  const both: Parameters = {
    serviceName: 'both',
    ...{ 'servicePath.1': '/', 'port.1': '80' },
    ...{ 'reqMode.2': 'tcp', 'srcPort.2': '443', 'port.2': '90' },
  };
  expect(conflicts(both)[0]).toMatch(/^service both: label srcPort\.2="443" is taken by DEFAULT_PORTS/);
  // It is not there then, and takes nothing from others.
  expect(conflicts(both, tcp('a', '443'))).toHaveLength(1);
});

test('destinations of one service cannot share what those of two could not', () => {
  const both = (mode: string, more: Parameters = {}): Parameters => ({
    serviceName: 'a',
    ...{ 'reqMode.1': 'tcp', 'srcPort.1': '9000', 'port.1': '443', 'serviceGroup.1': 'g' },
    ...{ 'reqMode.2': mode, 'serviceDomain.2': 'b.test', 'srcPort.2': '9000', 'port.2': '80' },
    ...more,
  });
  expect(conflicts(both('sni'))).toEqual([]);
  expect(conflicts(both('tcp', { 'serviceGroup.2': 'g' }))).toEqual([]);
  expect(conflicts(both('tcp'))[0]).toContain('srcPort.2="9000" is taken by the tcp group g');
});
