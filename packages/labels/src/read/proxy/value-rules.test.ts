import { expect, test } from '@jest/globals';
import { readPathType, readDomainAlgo } from './fetch-expressions.js';
import { readUserEntries } from './user-entries.js';
import {
  readBalance,
  readDomain,
  readHost,
  readNetwork,
  readRateLimit,
  readRawLine,
  readSeconds,
} from './value-rules.js';

test('a rate is a count in a time', () => {
  expect(['100/10s', '5/s', '1000/15m'].map((text) => readRateLimit(text))).toMatchObject([
    { value: { count: 100, periodSeconds: 10 } },
    { value: { count: 5, periodSeconds: 1 } },
    { value: { count: 1000, periodSeconds: 900 } },
  ]);
});

test.each([
  [readHost, 'web_main.1', true],
  [readHost, '10.0.0.1', true],
  [readHost, '[fe80::1]', true],
  [readHost, 'fd@3', false],
  [readHost, 'a..b', false],
  [readHost, '-web', false],
  [readHost, 'web:80', false],
  [readDomain, '*.acme.test', true],
  [readDomain, 'acme.test:8080', true],
  [readDomain, '*', false],
  [readDomain, 'a.*.test', false],
  [readSeconds, '0', true],
  [readSeconds, '2147484', false],
  [readSeconds, '-1', false],
  [readBalance, 'random(2)', true],
  [readBalance, 'hdr(x)', false],
  [readNetwork, '10.0.0.0/8', true],
  [readNetwork, '10.0.0.256', false],
  [readNetwork, '10.0.0.0/33', false],
  [readNetwork, 'fd00::/8', true],
  [readNetwork, '-f/etc/passwd', false],
  [readNetwork, 'localhost', false],
  [readRateLimit, '100', false],
  [readRateLimit, '0/s', false],
  [readRateLimit, '1/0s', false],
  [readRateLimit, '1/25h', false],
  [readRateLimit, '1/10 s', false],
  [readRawLine, 'option httpchk GET /', true],
  [readRawLine, '  frontend x', false],
  [readRawLine, '"backend" x', false],
  [readRawLine, "bac'kend' x", false],
  [readRawLine, 'b\\x61ckend x', false],
  [readRawLine, 'acl it "hdr(x)" "a b"', true],
  [readRawLine, '.if 1', false],
])('%p of %j: %s', (read, text, isGood) => {
  expect(read(text).ok).toBe(isGood);
});

test.each([
  ['http', 'path_reg -i', true],
  ['http', 'path -m end', true],
  ['http', 'path,map(/x)', false],
  ['http', 'src', false],
  ['sni', 'req_ssl_sni -i -m beg', true],
  ['sni', 'path_beg', false],
] as const)('in %s mode paths can be compared by %s: %s', (mode, text, isGood) => {
  expect(readPathType(text, mode).ok).toBe(isGood);
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
  expect(readDomainAlgo(text).ok).toBe(isGood);
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
