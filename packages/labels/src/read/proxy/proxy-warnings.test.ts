import { describe, expect, test } from '@jest/globals';
import { parseProxyLabels } from './proxy-labels.js';

const DEFAULTS = {
  separator: ',',
  httpsOnly: false,
  requestMode: 'http',
  domainAlgo: 'hdr_beg(host)',
} as const;

function parse(
  parameters: Record<string, string>,
  defaults: Partial<typeof DEFAULTS | { domainAlgo: string; normalizePaths: boolean }> = {},
) {
  const route = { serviceName: 's', port: '80', servicePath: '/x', ...parameters };
  return parseProxyLabels(route, { ...DEFAULTS, ...defaults });
}

function told(...args: Parameters<typeof parse>) {
  return parse(...args).warnings.map(({ label, expected, kind }) => [kind, label, expected]);
}

test('what means what it says is not worth a word', () => {
  const labels = {
    serviceDomain: 'acme.test,*.acme.test',
    servicePathExclude: '/x/admin',
    users: 'joe:pw',
    setReqHeader: 'X-Time "12:30",X-Port %[dst_port]',
    allowedMethods: 'GET',
  };
  expect(told(labels)).toEqual([]);
});

describe('paths that no request can begin with', () => {
  test.each([
    ['home', '/home'],
    ['/api/*', '/api/'],
    ['/a?b=1', 'a path that begins with a slash'],
    ['/a#b', 'a path that begins with a slash'],
    ['/a b', 'a path that begins with a slash'],
    ['/a,"/b"', '/b'],
  ])('%s', (servicePath, expected) =>
    expect(told({ servicePath })).toEqual([['never-matches', 'servicePath', expected]]),
  );

  test.each([
    ['http://acme.test/a', '/a', '/a'],
    ['"/a","/b"', '/a', '/a,/b'],
    ["'/a',/b", '/a', '/a,/b'],
    ['/users/*/orders', 'a path that begins with a slash', undefined],
    ['/a#top', 'a path that begins with a slash', undefined],
    ['/a//b', '/a/b', '/a/b'],
    ['/a/./b', '/a/b', '/a/b'],
    ['/a\\b', '/a/b', '/a/b'],
    ['/a/../b', 'a path that begins with a slash', undefined],
    ['/a;v=1', 'a path that begins with a slash', undefined],
    ['/a,/b/**,c', '/b/', '/a,/b/,/c'],
  ])('%s should be %s', (servicePath, expected, suggestion) => {
    expect(parse({ servicePath }).warnings).toMatchObject([
      { kind: 'never-matches', label: 'servicePath', value: servicePath, expected },
    ]);
    expect(parse({ servicePath }).warnings[0]?.suggestion).toBe(suggestion);
  });

  test.each(['/a//b', '/a/./b', '/a\\b', '/a/../b', '/a;v=1'])('%s fits where paths are text', (path) => {
    expect(told({ servicePath: path }, { normalizePaths: false })).toEqual([]);
    expect(told({ servicePathExclude: path })).toHaveLength(1);
  });

  test.each(['/50%', '/a:b', "/it's", '/a(b', '/a..b/...', '/.well-known', '/~ann', '/gr%C3%B6%C3%9Fe'])(
    '%s is none of them',
    (servicePath) => expect(told({ servicePath })).toEqual([]),
  );

  test('which are excluded leave the route open', () => {
    expect(told({ servicePathExclude: 'admin' })).toEqual([
      ['never-matches', 'servicePathExclude', '/admin'],
    ]);
  });

  test('may well be regular expressions', () => {
    expect(told({ servicePath: '^/v[0-9]{1,2}/.*', pathType: 'path_reg' })).toEqual([]);
  });
});

test('a domain with two dots in a row is no host', () => {
  expect(told({ serviceDomain: 'a.test,b..test' })).toEqual([['never-matches', 'serviceDomain', 'b.test']]);
});

test('a domain with a leading dot can be the end of a host, but not its beginning', () => {
  expect(told({ serviceDomain: 'a.test,.acme.test' })).toEqual([
    ['never-matches', 'serviceDomain', '*.acme.test'],
  ]);
  expect(told({ serviceDomain: '.acme.test', serviceDomainAlgo: 'hdr_end(host)' })).toEqual([]);
});

describe('labels without effect', () => {
  test('close nothing in tcp mode', () => {
    const { warnings } = parse({ reqMode: 'tcp', srcPort: '90', users: 'joe:pw', denyHttp: 'true' });
    expect(warnings.map(({ label, kind }) => [label, kind])).toEqual([
      ['users', 'no-effect'],
      ['denyHttp', 'no-effect'],
    ]);
  });

  test('are not worth a word when they say no', () => {
    const { warnings } = parse({ reqMode: 'tcp', srcPort: '90', httpsOnly: 'false', denyHttp: '0' });
    expect(warnings).toEqual([]);
  });

  test('are those of the tcp destination, beside one of http', () => {
    const two = {
      'port.1': '80',
      'servicePath.1': '/',
      'port.2': '90',
      'reqMode.2': 'tcp',
      'srcPort.2': '90',
    };
    expect(told({ ...two, 'httpsOnly.1': 'true', 'httpsOnly.2': 'true', users: 'joe:pw' })).toEqual([
      ['no-effect', 'httpsOnly.2', 'an http destination'],
    ]);
  });

  test('are types to compress when nothing compresses', () => {
    expect(told({ compressionType: 'text/css' })).toEqual([
      ['no-effect', 'compressionType', 'compressionAlgo'],
    ]);
  });

  test('are old names beside new ones', () => {
    expect(told({ addHeader: 'X-A 1', addReqHeader: 'X-B 1' })).toEqual([
      ['no-effect', 'addHeader', 'addReqHeader alone'],
      ['obsolete', 'addHeader', 'addReqHeader'],
    ]);
  });
});

describe('hashes', () => {
  test.each(['$apr1$hunt2abc$1PhRlFGr2Xr.pKcpNzIGW0', '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=', 'plain'])(
    'that HAProxy cannot check are told without their text: %s',
    (hash) => {
      const { warnings } = parse({ users: `joe:${hash}`, usersPassEncrypted: 'true' });
      expect(warnings).toMatchObject([{ label: 'users', value: '', kind: 'no-effect' }]);
      expect(JSON.stringify(warnings)).not.toContain(hash);
    },
  );

  test.each(['$1$abc$xyz', '$5$abc$xyz', '$6$rounds=5000$abc$xyz', '$2y$10$abc', 'ab1234567890.'])(
    'of crypt(3) are none of them: %s',
    (hash) => expect(told({ users: `joe:${hash}`, usersPassEncrypted: 'true' })).toEqual([]),
  );
});

test('Name: value is read as HAProxy wants it', () => {
  const { service, warnings } = parse({
    setResHeader: 'X-Frame-Options: DENY,X-B 1',
    delReqHeader: 'Cookie:',
  });
  expect(service.responseHeaders.set).toEqual(['X-Frame-Options DENY', 'X-B 1']);
  expect(service.requestHeaders.del).toEqual(['Cookie']);
  expect(warnings).toMatchObject([
    { label: 'delReqHeader', expected: 'Cookie' },
    { label: 'setResHeader', expected: 'X-Frame-Options DENY', suggestion: 'X-Frame-Options DENY,X-B 1' },
  ]);
});

test('methods may be written in small letters', () => {
  expect(parse({ deniedMethods: 'delete,Put' }).service.destinations[0]?.deniedMethods).toEqual([
    'DELETE',
    'PUT',
  ]);
});
