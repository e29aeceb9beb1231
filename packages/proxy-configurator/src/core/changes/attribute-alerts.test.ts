import { expect, test } from '@jest/globals';
import { alertsOf, attributeAlerts } from './attribute-alerts.js';

/** A configuration whose lines belong to these services, and were written from these labels and variables. */
function configOf(
  lines: readonly string[],
  owners: readonly (string | undefined)[],
  sources: readonly (string | undefined)[] = [],
) {
  const text = lines.join('\n');
  const facts = owners.map((owner, i) => ({ owner, source: sources[i] }));
  return { text, blocks: [{ text, structure: text, skeleton: text, unused: '', facts }] };
}

const RENDERED = configOf(
  [
    'frontend services',
    '    acl url_web80_0 path_beg /',
    'backend web-be80_0',
    '    raw',
    'userlist apiUsers',
  ],
  [undefined, 'web', 'web', 'web', 'api'],
);

test('a complaint about a line is about the service that asked for it', () => {
  const output =
    "[ALERT]    (12) : config : parsing [/cfg/haproxy.cfg.new:4] : unknown keyword 'raw' in 'backend' section";
  const { services, others } = attributeAlerts(output, RENDERED);
  expect([...services]).toEqual([
    ['web', "parsing [haproxy.cfg:4] : unknown keyword 'raw' in 'backend' section"],
  ]);
  expect(others).toEqual([]);
});

test.each([
  ["[ALERT] (1) : config : backend 'web-be80_0' : unable to find resolvers", 'web'],
  ["[ALERT] (1) : config : userlist 'apiUsers' : wrong password", 'api'],
  ["[ALERT] (1) : config : proxy 'x': error, no such ACL : 'url_web80_0'", 'web'],
  ["[ALERT] (1) : config : [x] 'server web-be80_0/web' : could not resolve address", undefined],
])('%s', (output, owner) => {
  const { services, others } = attributeAlerts(output, RENDERED);
  expect([[...services.keys()], others.length]).toEqual(owner === undefined ? [[], 1] : [[owner], 0]);
});

test('a complaint about a line of nobody is told as it is', () => {
  const output = "[ALERT] (1) : config : parsing [/cfg/haproxy.cfg.new:1] : unknown keyword 'x'";
  expect(attributeAlerts(output, RENDERED)).toMatchObject({
    services: new Map(),
    others: [expect.stringContaining('keyword')],
  });
});

test('a complaint names the label or the variable that wrote the line', () => {
  const rendered = configOf(
    ['frontend services', '    bind *:80', '    http-request x', '    http-request y'],
    [undefined, undefined, undefined, 'web'],
    [undefined, 'DEFAULT_PORTS', 'EXTRA_FRONTEND', 'setReqHeader'],
  );
  const output = [
    '[ALERT] (1) : config : parsing [/cfg/haproxy.cfg.new:3] : bad',
    '[ALERT] (1) : config : parsing [/cfg/haproxy.cfg.new:4] : worse',
    '[ALERT] (1) : Starting frontend services: cannot bind socket (Address already in use) [0.0.0.0:80]',
  ].join('\n');
  expect(attributeAlerts(output, rendered)).toEqual({
    services: new Map([['web', 'label setReqHeader: parsing [haproxy.cfg:4] : worse']]),
    variables: [
      'EXTRA_FRONTEND: parsing [haproxy.cfg:3] : bad',
      'DEFAULT_PORTS: Starting frontend services: cannot bind socket (Address already in use) [0.0.0.0:80]',
    ],
    others: [],
  });
});

test('of several complaints about one service the first counts', () => {
  const output = [
    '[ALERT] (1) : config : parsing [/cfg/haproxy.cfg.new:2] : first',
    '[ALERT] (1) : config : parsing [/cfg/haproxy.cfg.new:4] : second',
  ].join('\n');
  expect([...attributeAlerts(output, RENDERED).services.values()]).toEqual([
    'parsing [haproxy.cfg:2] : first',
  ]);
});

test('counts, notices and warnings are no complaints, and process ids and folders are not repeated', () => {
  const output = `[NOTICE]   (7) : haproxy version is 2.6.12
[WARNING]  (7) : config : something
[ALERT]    (7) : config : parsing [/cfg/secret-place/haproxy.cfg:9] : bad
[ALERT]    (7) : config : Error(s) found in configuration file : /cfg/haproxy.cfg
[ALERT]    (7) : config : Fatal errors found in configuration.
[ALERT] 325/101010 (7) : parsing [/x/haproxy.cfg:1] : as HAProxy 2.2 writes it`;
  expect(alertsOf(output)).toEqual([
    'parsing [haproxy.cfg:9] : bad',
    'parsing [haproxy.cfg:1] : as HAProxy 2.2 writes it',
  ]);
});

test('ciphers that HAProxy does not know are those of the variable, wherever it complains about them', () => {
  const rendered = configOf(
    [
      'frontend services',
      '    bind *:443 ssl',
      'backend web',
      '    server web web:443 ssl',
      '    bind *:444 ssl ciphers X',
    ],
    [undefined, undefined, 'web', 'web', undefined],
    [undefined, 'DEFAULT_PORTS', undefined, undefined, 'BIND_PORTS'],
  );
  const complaint = (line: number) =>
    `[ALERT] (1) : config : Proxy 'services': unable to set SSL cipher list to 'X' for bind '*:443' at [/cfg/haproxy.cfg.new:${line}].`;
  const { services, variables, others } = attributeAlerts([2, 4, 5].map(complaint).join('\n'), rendered);
  expect([services.size, others]).toEqual([0, []]);
  expect(variables.map((one) => one.split(':')[0])).toEqual([
    'SSL_BIND_CIPHERS',
    'SSL_BIND_CIPHERS',
    'BIND_PORTS',
  ]);
});
