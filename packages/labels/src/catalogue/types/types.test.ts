import { expect, test } from '@jest/globals';
import { domainComparison, pathComparison, sniComparison } from './proxy/fetch.js';
import { balanceAlgorithm, rawLine } from './proxy/haproxy.js';
import { rate } from './proxy/http.js';
import type { LabelType } from './label-type.js';
import { domain, host, network } from './network.js';
import { seconds } from './number.js';
import { readUserEntries } from './proxy/user-entries.js';

const timeout = seconds({ max: 2_147_483 });

test('a rate is a count in a time', () => {
  expect(['100/10s', '5/s', '1000/15m'].map((text) => rate.read(text))).toMatchObject([
    { value: { count: 100, periodSeconds: 10 } },
    { value: { count: 5, periodSeconds: 1 } },
    { value: { count: 1000, periodSeconds: 900 } },
  ]);
});

test.each<[type: LabelType, text: string, isGood: boolean]>([
  [host, 'web_main.1', true],
  [host, '10.0.0.1', true],
  [host, '[fe80::1]', true],
  [host, 'fd@3', false],
  [host, 'a..b', false],
  [host, '-web', false],
  [host, 'web:80', false],
  [domain, '*.acme.test', true],
  [domain, 'acme.test:8080', true],
  [domain, '*', false],
  [domain, 'a.*.test', false],
  [timeout, '0', true],
  [timeout, '2147484', false],
  [timeout, '-1', false],
  [balanceAlgorithm, 'random(2)', true],
  [balanceAlgorithm, 'hdr(x)', false],
  [network, '10.0.0.0/8', true],
  [network, '10.0.0.256', false],
  [network, '10.0.0.0/33', false],
  [network, 'fd00::/8', true],
  [network, '-f/etc/passwd', false],
  [network, 'localhost', false],
  [rate, '100', false],
  [rate, '0/s', false],
  [rate, '1/0s', false],
  [rate, '1/25h', false],
  [rate, '1/10 s', false],
  [rawLine, 'option httpchk GET /', true],
  [rawLine, '  frontend x', false],
  [rawLine, '"backend" x', false],
  [rawLine, "bac'kend' x", false],
  [rawLine, 'b\\x61ckend x', false],
  [rawLine, 'acl it "hdr(x)" "a b"', true],
  [rawLine, '.if 1', false],
])('$0.name of %j: %s', (type, text, isGood) => {
  expect(type.read(text).ok).toBe(isGood);
});

test.each([
  ['http', 'path_reg -i', true],
  ['http', 'path -m end', true],
  ['http', 'path,map(/x)', false],
  ['http', 'src', false],
  ['sni', 'req_ssl_sni -i -m beg', true],
  ['sni', 'path_beg', false],
] as const)('in %s mode paths can be compared by %s: %s', (mode, text, isGood) => {
  expect((mode === 'sni' ? sniComparison : pathComparison).read(text).ok).toBe(isGood);
});

test.each([
  ['hdr_dom(host)', true],
  ['req.hdr(X-Forwarded-Host,-1)', true],
  ['req.ssl_sni -m end', true],
  ['hdr(host),lower,field(1,:)', true],
  ['hdr(host),map(/etc/passwd)', false],
  ['env(PATH)', false],
  ['hdr(host) -f /x', false],
])('domains can be compared by %s: %s', (text, isGood) => {
  expect(domainComparison.read(text).ok).toBe(isGood);
});

test('users are name and password, the first colon between them, and unusable ones are counted', () => {
  expect(readUserEntries(' a:1:2 ,\nb:3,c,:4,d:,', { nameOnly: true })).toEqual({
    users: [
      { name: 'a', password: '1:2' },
      { name: 'b', password: '3' },
      { name: 'c', password: undefined },
    ],
    dropped: 2,
  });
  expect(readUserEntries('c', { nameOnly: false })).toEqual({ users: [], dropped: 1 });
});

test.each([
  ['bücher.test', 'xn--bcher-kva.test'],
  ['*.例え.jp', '*.xn--r8jz45g.jp'],
  ['bu\u0308cher.test', 'xn--bcher-kva.test'],
  ['BÜCHER.Test', 'xn--bcher-kva.Test'],
  ['bücher。test', 'xn--bcher-kva.test'],
  ['faß.test', 'xn--fa-hia.test'],
  ['शहर.भारत', 'xn--t2blj.xn--h2brj9c'],
  ['*.acme.test.', '*.acme.test'],
  ['api.', 'api.'],
  ['a.test:8080', 'a.test:8080'],
])('the domain %s is compared as %s', (written, sent) => {
  expect(domain.read(written)).toEqual({ ok: true, value: sent });
});
