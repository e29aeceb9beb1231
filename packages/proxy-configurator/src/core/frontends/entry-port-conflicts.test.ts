import { expect, test } from '@jest/globals';
import { formatIssue, type Parameters } from '@docker-flow/labels';
import { routedService, settingsOf } from '../../testing/render-services.js';
import { findPortConflicts } from './entry-port-conflicts.js';

const settings = settingsOf('/nowhere', { STATS_USER: 'a', STATS_PASS: 'b', STATS_PORT: '8081' });

function conflicts(settled: readonly Parameters[], others: readonly Parameters[]): readonly string[] {
  const read = (all: readonly Parameters[]) => all.map((one) => routedService(one, settings));
  return [...findPortConflicts(read(settled), read(others), settings).values()].map(formatIssue);
}

function tcp(name: string, srcPort: string, more: Parameters = {}): Parameters {
  return { serviceName: name, reqMode: 'tcp', srcPort, port: '80', ...more };
}

const web: Parameters = { serviceName: 'web', servicePath: '/', port: '80' };

test('several tcp services share a port; tcp and sni do not', () => {
  expect(conflicts([tcp('a', '9000')], [tcp('b', '9000')])).toEqual([]);
  const sni = { ...tcp('c', '9000'), reqMode: 'sni', serviceDomain: 'c.test' };
  expect(conflicts([tcp('a', '9000')], [sni])).toEqual([
    'service c: label srcPort="9000" is taken by the tcp destinations; expected a port that nothing else listens on',
  ]);
});

test('destinations of one service cannot share what those of two could not', () => {
  const both = (mode: string): Parameters => ({
    serviceName: 'a',
    'reqMode.1': 'sni',
    'serviceDomain.1': 'a.test',
    'srcPort.1': '9000',
    'port.1': '443',
    'reqMode.2': mode,
    'serviceDomain.2': 'b.test',
    'srcPort.2': '9000',
    'port.2': '80',
  });
  expect(conflicts([], [both('sni')])).toEqual([]);
  expect(conflicts([], [both('tcp')])[0]).toContain('srcPort.2="9000" is taken by the sni destinations');
});

test('a group has its port for itself', () => {
  const grouped = (name: string, group: string) => tcp(name, '9000', { serviceGroup: group });
  expect(conflicts([grouped('a', 'g')], [grouped('b', 'g')])).toEqual([]);
  expect(conflicts([grouped('a', 'g')], [grouped('b', 'h')])).toHaveLength(1);
});

test.each([
  ['8080', 'the API of the proxy'],
  ['8081', 'STATS_PORT'],
])('the port %s belongs to %s', (port, owner) => {
  expect(conflicts([], [tcp('a', port)])[0]).toContain(`is taken by ${owner}`);
});

test('the default ports are free for tcp as long as there is no http service', () => {
  expect(conflicts([], [tcp('a', '443')])).toEqual([]);
  expect(conflicts([web], [tcp('a', '443')])[0]).toContain('is taken by DEFAULT_PORTS');
  expect(conflicts([], [tcp('a', '443'), web])[0]).toContain('service a');
});

test('who runs keeps the port; who comes later is told', () => {
  expect(conflicts([tcp('z', '443')], [web])).toEqual([]);
});
