import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PROXY_LABELS } from '../../catalogue/proxy.js';
import { parseProxyLabels } from './proxy-labels.js';
import type { Parameters } from '../../wire/notification.js';
import type { ProxyLabelDefaults } from './proxy-service.js';

const DEFAULTS: ProxyLabelDefaults = {
  separator: ',',
  requestMode: 'http',
  httpsOnly: false,
  domainAlgo: 'hdr_beg(host)',
};
const WEB: Parameters = { serviceName: 'web', servicePath: '/web', port: '80' };

function parse(parameters: Parameters, defaults: Partial<ProxyLabelDefaults> = {}) {
  return parseProxyLabels(parameters, { ...DEFAULTS, ...defaults });
}

function destinations(parameters: Parameters, defaults: Partial<ProxyLabelDefaults> = {}) {
  return parse({ serviceName: 'web', ...parameters }, defaults).service.destinations;
}

describe('destinations', () => {
  test('are counted from 1 up to the first gap', () => {
    const found = destinations({
      'port.1': '80',
      'servicePath.2': '/b',
      'serviceDomain.4': 'd.test',
      port: '8080',
    });
    expect(found.map(({ index, port }) => [index, port])).toEqual([
      [1, 80],
      [2, 8080],
    ]);
  });

  test('there are ten at most', () => {
    const all = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`port.${i + 1}`, '80']));
    expect(destinations(all)).toHaveLength(10);
  });

  test('the one without index has the number 0', () => {
    expect(destinations(WEB).map(({ index }) => index)).toEqual([0]);
  });

  test('inherit what they do not say from the labels without index', () => {
    const [first, second] = destinations({
      'servicePath.1': '/a',
      'servicePath.2': '/b',
      'port.2': '81',
      port: '80',
      pathType: 'path',
    });
    expect([first?.port, second?.port, first?.pathType, second?.pathType]).toEqual([80, 81, 'path', 'path']);
  });

  test('with a domain and no path have every path', () => {
    expect(destinations({ serviceDomain: 'a.test', port: '80' })[0]).toMatchObject({
      paths: ['/'],
      pathImplied: true,
    });
  });

  test('with httpsPort have the entry ports of old', () => {
    expect(destinations({ ...WEB, httpsPort: '8443' })[0]).toMatchObject({ srcPort: 80, srcHttpsPort: 443 });
  });
});

describe('httpsOnly', () => {
  test.each([
    [{ httpsOnly: 'true' }, {}, [true, true]],
    [{ httpsOnly: 'true', 'httpsOnly.2': 'false' }, {}, [true, false]],
    [{ 'httpsOnly.2': 'false' }, { httpsOnly: true }, [true, true]],
  ])('%j with the environment %j', (labels, defaults, expected) => {
    const two = { 'servicePath.1': '/a', 'servicePath.2': '/b', port: '80' };
    expect(destinations({ ...two, ...labels }, defaults).map(({ httpsOnly }) => httpsOnly)).toEqual(expected);
  });
});

describe('a refusal', () => {
  test.each([
    [{ ...WEB, serviceName: '' }, 400, 'serviceName parameter is mandatory.'],
    [
      { serviceName: 'web', port: '80' },
      409,
      'When using reqMode http, servicePath or serviceDomain are mandatory',
    ],
    [{ serviceName: 'web', servicePath: '/' }, 400, 'the port query is mandatory'],
    [{ ...WEB, reqMode: 'tcp' }, 400, 'srcPort and port parameters are mandatory'],
    [{ serviceName: 'web', reqMode: 'sni', srcPort: '1', port: '2' }, 409, 'serviceDomain or servicePath'],
    [{ ...WEB, port: '99999' }, 400, 'label port="99999"'],
    [{ ...WEB, srcPort: '99999' }, 400, 'label srcPort="99999"'],
    [{ ...WEB, allowFrom: 'here' }, 400, 'label allowFrom="here"'],
    [
      { ...WEB, reqMode: 'tcp', srcPort: '1', serviceGroup: 'g', denyFrom: '10.0.0.1' },
      400,
      'label denyFrom="10.0.0.1" cannot be kept within a serviceGroup',
    ],
    [{ ...WEB, 'servicePath.1': '/a', 'servicePath.2': '/b', 'port.2': 'x' }, 400, 'label port.2="x"'],
    [{ ...WEB, pathType: 'path_beg -f /etc/passwd' }, 400, 'pathType'],
    [{ ...WEB, serviceDomainAlgo: 'hdr(host),map(/etc/passwd)' }, 400, 'serviceDomainAlgo'],
    [{ ...WEB, outboundHostname: 'unix@/var/run/docker.sock' }, 400, 'outboundHostname'],
    [{ ...WEB, serviceDomain: 'a b' }, 400, 'serviceDomain'],
    [{ ...WEB, timeoutServer: '1d' }, 400, 'timeoutServer'],
    [{ ...WEB, httpsRedirectCode: '200' }, 400, 'httpsRedirectCode'],
    [{ ...WEB, usersSecret: '../../etc/passwd' }, 400, 'usersSecret'],
    [{ ...WEB, backendExtra: 'backend other' }, 400, 'begins another section'],
    [{ ...WEB, backendExtra: 'a\nb' }, 400, 'line break'],
    [{ ...WEB, servicePath: '/a\u2028b' }, 400, 'line break'],
    [{ ...WEB, reqPathSearchReplace: 'a,b,x' }, 400, 'unknown flags x'],
  ])('%j is %i: %s', (parameters, status, message) => {
    const { refusal } = parse(parameters);
    expect([refusal?.status, refusal?.message]).toEqual([status, expect.stringContaining(message)]);
  });

  test('names every label that cannot be read, at once', () => {
    const { refusal } = parse({ ...WEB, port: 'x', timeoutServer: 'y' });
    expect(refusal?.issues.map(({ label }) => label).sort()).toEqual(['port', 'timeoutServer']);
  });
});

describe('what is read as if it were absent', () => {
  test.each([
    ['isDefaultBackend', 'yes', 'counts as false'],
    ['srcPort', 'abc', 'counts as absent'],
    ['redirectFromDomain', 'old.test', 'has no effect'],
    ['replicas', 'many', 'counts as 0'],
  ])('%s=%s is told', (label, value, says) => {
    const { refusal, warnings } = parse({ ...WEB, [label]: value });
    expect(refusal).toBeUndefined();
    expect(warnings).toMatchObject([{ label, value, problem: expect.stringContaining(says) }]);
  });

  test('passwords are not repeated', () => {
    const { warnings } = parse({ ...WEB, users: ':secret,a:b' });
    expect(JSON.stringify(warnings)).not.toContain('secret');
  });
});

test.each([
  ['0', 0],
  ['3', 3],
  ['many', 0],
  ['-1', undefined],
  ['999999999', 100_000],
])('replicas=%s are %s', (replicas, expected) => {
  expect(parse({ ...WEB, replicas }).service.replicas).toBe(expected);
});

test('a domain may be a regular expression where domains are compared as such, by label or by default', () => {
  const labels = { serviceName: 'web', port: '80', serviceDomain: '^(a|b)\\.test$' };
  expect(parse(labels).refusal?.status).toBe(400);
  expect(parse(labels, { domainAlgo: 'hdr_reg(host)' }).refusal).toBeUndefined();
  expect(parse({ ...labels, serviceDomainAlgo: 'hdr_reg(host)' }).refusal).toBeUndefined();
});

test('the mode may be written in any case, its default is the operator’s', () => {
  const tcp = { serviceName: 'web', srcPort: '1', port: '2' };
  expect(destinations({ ...tcp, reqMode: 'TCP' })[0]?.mode).toBe('tcp');
  expect(destinations(tcp, { requestMode: 'tcp' })[0]?.mode).toBe('tcp');
});

test('lists are split at the operator’s separator', () => {
  expect(destinations({ ...WEB, servicePath: '/a,b|/c' }, { separator: '|' })[0]?.paths).toEqual([
    '/a,b',
    '/c',
  ]);
});

test('commas within quotes and brackets do not separate items', () => {
  const { requestHeaders } = parse({
    ...WEB,
    setReqHeader: 'X-A "1, 2",X-B %[req.hdr(x),lower] if { src 10.0.0.1 }',
    delReqHeader: "X-It's,X-C",
  }).service;
  expect(requestHeaders.set).toEqual(['X-A "1, 2"', 'X-B %[req.hdr(x),lower] if { src 10.0.0.1 }']);
  expect(requestHeaders.del).toEqual(["X-It's", 'X-C']);
});

test('a list may go over several lines, but none of its items', () => {
  expect(destinations({ ...WEB, servicePath: '/a,\n/b ,\n' })[0]?.paths).toEqual(['/a', '/b']);
  expect(parse({ ...WEB, setReqHeader: 'X-A "1,\n2"' }).service.requestHeaders.set).toEqual(['X-A "1, 2"']);
  expect(parse({ ...WEB, setReqHeader: 'X-A "1\n2"' }).refusal?.message).toContain('line break');
});

test('the item of a list is told that cannot be read', () => {
  expect(parse({ ...WEB, allowFrom: '10.0.0.1,here' }).refusal?.message).toContain(
    'has the item "here", which is not an address or a network',
  );
});

test('quotes around a value are left out and told, but those of userDef', () => {
  const labels = { reqMode: '"sni"', pathType: "'req.ssl_sni -i'", srcPort: '"443"', userDef: '"x"' };
  const { service, refusal, warnings } = parse({ ...WEB, ...labels });
  expect(refusal).toBeUndefined();
  expect(service.destinations).toMatchObject([
    { mode: 'sni', pathType: 'req.ssl_sni -i', srcPort: 443, userDef: '"x"' },
  ]);
  expect(warnings.map(({ label }) => label).sort()).toEqual(['pathType', 'reqMode', 'srcPort']);
  expect(parse({ ...WEB, port: '"eighty"' }).refusal?.message).toContain('port="\\"eighty\\"" is not a port');
});

test('deprecated names count only where the new ones are not given', () => {
  const old = { addHeader: 'X-Old 1', setHeader: 'X-Old 2' };
  expect(parse({ ...WEB, ...old }).service.requestHeaders).toMatchObject({
    add: ['X-Old 1'],
    set: ['X-Old 2'],
  });
  expect(parse({ ...WEB, ...old, addReqHeader: 'X-New 1' }).service.requestHeaders.add).toEqual(['X-New 1']);
  expect(
    parse({ ...WEB, reqPathSearch: 'a', reqPathReplace: 'b', reqPathSearchReplace: 'c,d' }).service
      .destinations[0]?.rewrites,
  ).toMatchObject([
    { search: 'a', replace: 'b' },
    { search: 'c', replace: 'd' },
  ]);
  expect(parse({ ...WEB, serviceDomainMatchAll: 'true' }).service.domainAlgo).toBe('hdr_dom(host)');
});

test('pairs of serviceHeader without exactly one colon are dropped, as ever', () => {
  expect(destinations({ ...WEB, serviceHeader: 'X-A:1,X-B,X-C:1:2, X-D : 4 ' })[0]?.headers).toEqual([
    { name: 'X-A', value: '1' },
    { name: 'X-D', value: '4' },
  ]);
});

test('fields that only the program itself sets cannot be set from outside', () => {
  const inside = { tasks: '1.2.3.4', isGlobal: 'true', debug: 'true', aclCondition: 'x', servicePort: '1' };
  expect(parse({ ...WEB, ...inside }).service).toEqual(parse(WEB).service);
});

test('any labels are read without an exception, and no text that is kept holds a line break', () => {
  const keys = Object.keys(PROXY_LABELS).flatMap((name) => [name, `${name}.1`]);
  const labels = fc.dictionary(fc.constantFrom(...keys), fc.string({ unit: 'binary' }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(labels, (parameters) => {
      const { service, refusal } = parse({ ...WEB, ...parameters });
      if (refusal) return;
      expect(JSON.stringify({ ...service, certificate: undefined, users: [] })).not.toMatch(
        /\\[nr]|\\u0000|\u2028/,
      );
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['acme.test.,*.b.test.', 'hdr(host)', ['acme.test', '*.b.test']],
  ['acme.test.', 'hdr_end(host)', ['acme.test']],
  ['api.,acme.test.', 'hdr_beg(host)', ['api.', 'acme.test.']],
])(
  'of %s compared by %s the dot of the root counts where it is no beginning',
  (serviceDomain, algo, read) => {
    const labels = { ...WEB, serviceDomain, serviceDomainAlgo: algo, redirectFromDomain: 'old.test.' };
    const [destination] = parse(labels).service.destinations;
    expect([destination?.domains, destination?.redirectFromDomains]).toEqual([read, ['old.test']]);
  },
);
