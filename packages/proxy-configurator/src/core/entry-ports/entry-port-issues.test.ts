import { expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { routedService, settingsOf } from '../../testing/render-services.js';
import { entryPortIssues } from './entry-port-issues.js';
import { passedNameIssues } from './passed-names.js';

const settings = settingsOf('/nowhere', { BIND_PORTS: '8443:ssl,8081' });

/** Who is told of which label what; the same in any other order. */
function told(look: typeof entryPortIssues, ...all: readonly Parameters[]): readonly string[] {
  const read = all.map((one) => routedService({ port: '80', ...one }, settings));
  const said = (list: typeof read) =>
    look(list, settings)
      .map(({ service, label, value, problem }) => `${service} ${label}=${value} ${problem}`)
      .sort();
  expect(said([...read].reverse())).toEqual(said(read));
  return said(read);
}

const web: Parameters = { serviceName: 'web', servicePath: '/' };

function tcp(serviceName: string, more: Parameters = {}): Parameters {
  return { serviceName, reqMode: 'tcp', srcPort: '9000', ...more };
}

function sni(serviceName: string, more: Parameters = {}): Parameters {
  return tcp(serviceName, { reqMode: 'sni', serviceDomain: `${serviceName}.test`, ...more });
}

test('the first destination of a port decides, and the others hear that theirs does not count', () => {
  const more: Parameters = { acceptProxy: 'true', timeoutClient: '7', clitcpka: 'true' };
  const rest = 'has no effect: the first destination on port 9000 decides, which is of the service a';
  expect(told(entryPortIssues, tcp('a'), tcp('b', { ...more, serviceDomain: 'b.test' }))).toEqual([
    `b acceptProxy=true ${rest}`,
    `b clitcpka=true ${rest}`,
    `b timeoutClient=7 ${rest}`,
  ]);
  expect(told(entryPortIssues, tcp('a', more), tcp('b', { ...more, serviceDomain: 'b.test' }))).toEqual([]);
  expect(told(entryPortIssues, tcp('a', { serviceGroup: 'g' }), tcp('b', { srcPort: '1', ...more }))).toEqual(
    [],
  );
});

test('on a port of the operator a label does not say who is believed', () => {
  const rest = 'has no effect: port 443 is one of DEFAULT_PORTS or BIND_PORTS, which say how it is opened';
  expect(told(entryPortIssues, web, sni('a', { srcPort: '443', acceptProxy: 'true' }))).toEqual([
    `a acceptProxy=true ${rest}`,
  ]);
  // Without any http service the port is its own.
  expect(told(entryPortIssues, sni('a', { srcPort: '443', acceptProxy: 'true' }))).toEqual([]);
});

test.each<[Parameters, Parameters]>([
  [{ serviceDomain: 'A.test' }, {}],
  [{ serviceDomain: 'a.test', srcPort: '443' }, {}],
  [{ serviceDomain: 'x.a.test' }, { serviceDomain: '*.a.test' }],
  [{ serviceDomain: 'a.test' }, { srcPort: '8443' }],
  [{ serviceDomain: 'a.test', httpsPort: '443', srcPort: '80' }, {}],
])('https for %j does not come when TLS for a.test passes (%j): both hear it', (http, passed) => {
  const all = [{ serviceName: 'shop', ...http }, sni('a', { srcPort: '443', ...passed })];
  expect(told(passedNameIssues, ...all).map((line) => line.split(' ')[0])).toEqual(['a', 'shop']);
});

test.each<[Parameters, Parameters]>([
  [{ serviceDomain: 'b.test' }, {}],
  [{ servicePath: '/' }, {}],
  [{ serviceDomain: 'a.test', srcPort: '80' }, {}],
  [{ serviceDomain: 'a.test' }, { srcPort: '80' }],
  [{ serviceDomain: 'a.test' }, { srcPort: '8081' }],
  [{ serviceDomain: 'a.test' }, { serviceDomain: '*.a.test' }],
])('https for %j comes although TLS for a.test passes (%j)', (http, passed) => {
  const all = [{ serviceName: 'shop', ...http }, sni('a', { srcPort: '443', ...passed })];
  expect(told(passedNameIssues, ...all)).toEqual([]);
});
