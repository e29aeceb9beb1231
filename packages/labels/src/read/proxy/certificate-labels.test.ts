import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDomainName } from '../../catalogue/types/domain-name.js';
import { readCertificateLabels, type CertificateLabelDefaults } from './certificate-labels.js';

const DEFAULTS: CertificateLabelDefaults = {
  separator: ',',
  requestMode: 'http',
  domainAlgo: 'hdr_beg(host)',
  acmeByDefault: false,
};

function read(labels: Readonly<Record<string, string>>, defaults: Partial<CertificateLabelDefaults> = {}) {
  return readCertificateLabels({ serviceName: 'web', port: '80', ...labels }, { ...DEFAULTS, ...defaults });
}

describe('who asks', () => {
  test.each([
    [{}, false, 'no'],
    [{}, true, 'by default'],
    [{ acme: 'TRUE' }, false, 'by label'],
    [{ acme: 'false' }, true, 'no'],
    [{ acme: 'false', acmeDomains: 'a.test', 'letsencrypt.host': 'a.test' }, true, 'no'],
    [{ acme: 'perhaps' }, false, 'no'],
    [{ acme: 'perhaps' }, true, 'by default'],
    [{ acmeDomains: 'a.test' }, false, 'by label'],
    [{ acmeDomains: ' ' }, false, 'no'],
    [{ 'letsencrypt.host': 'a.test' }, false, 'by label'],
    [{ 'letsencrypt.email': 'me@a.test' }, false, 'by label'],
    [{ 'letsencrypt.testing': 'true' }, false, 'no'],
  ])('%j with default %s: %s', (labels, acmeByDefault, asks) => {
    expect(read(labels, { acmeByDefault }).asks).toBe(asks);
  });

  test('a word that is no boolean is told', () => {
    expect(read({ acme: 'perhaps' }).issues).toMatchObject([
      { service: 'web', label: 'acme', value: 'perhaps', problem: 'is not a boolean and counts as absent' },
    ]);
  });
});

describe('the names', () => {
  test('are those of all http destinations, of redirects too, sorted and once', () => {
    const labels = {
      acme: 'true',
      'serviceDomain.1': 'B.test,a.test.',
      'serviceDomain.2': 'a.test,*.c.test',
      'redirectFromDomain.2': 'old.test',
      'serviceDomain.3': 'tcp.test',
      'reqMode.3': 'tcp',
    };
    expect(read(labels).names).toEqual(['*.c.test', 'a.test', 'b.test', 'old.test']);
  });

  test.each([
    [{ acme: 'true', serviceDomain: 'a.test', acmeDomains: 'b.test' }, ['b.test']],
    [
      { serviceDomain: 'a.test', 'letsencrypt.host': 'b.test;c.test, d.test' },
      ['b.test', 'c.test', 'd.test'],
    ],
    [{ acmeDomains: 'a.test', 'letsencrypt.host': 'b.test' }, ['a.test']],
    [{ serviceDomain: 'a.test', 'letsencrypt.email': 'me@a.test' }, ['a.test']],
    [{ acme: 'true', acmeDomains: '"a.test,b.test"' }, ['a.test', 'b.test']],
    [{ acme: 'true', serviceDomain: 'a.test' }, ['a.test']],
    [{ serviceDomain: 'a.test' }, []],
    [{ acme: 'true', serviceDomain: '^a\\.test$', serviceDomainAlgo: 'hdr_reg(host)' }, []],
    [
      { acme: 'true', serviceDomain: '^a', serviceDomainAlgo: 'hdr_reg(host)', redirectFromDomain: 'b.test' },
      ['b.test'],
    ],
    [{ acme: 'true' }, []],
  ])('of %j are %j', (labels, names) => {
    expect(read(labels).names).toEqual(names);
  });

  test('domains are known of services that ask for nothing', () => {
    const { names, domains, passthrough } = read({ serviceDomain: 'a.test', acmePassthrough: 'true' });
    expect({ names, domains, passthrough }).toEqual({ names: [], domains: ['a.test'], passthrough: true });
  });

  test('one that is none costs only itself', () => {
    const { names, refused, issues } = read({ acmeDomains: 'a.test,localhost,b b.test,\n c.test' });
    expect(names).toEqual(['a.test', 'c.test']);
    expect(refused).toEqual([
      { name: 'localhost', reason: 'has no dot: no authority certifies it' },
      { name: 'b b.test', reason: 'is not a domain name' },
    ]);
    expect(issues).toEqual([]);
  });
});

describe('a domain name', () => {
  test.each([
    ['A.Test', 'a.test'],
    ['a.test.', 'a.test'],
    ['*.a.test', '*.a.test'],
    ['ä.test', 'xn--4ca.test'],
    ['*.ä.test', '*.xn--4ca.test'],
    ['xn--4ca.test', 'xn--4ca.test'],
    [`${'a'.repeat(63)}.test`, `${'a'.repeat(63)}.test`],
  ])('%s is %s', (text, name) => {
    expect(readDomainName(text)).toEqual({ ok: true, value: name });
  });

  test.each([
    ...[
      '',
      '.',
      'acme.',
      'localhost',
      '1.2.3.4',
      '[::1]',
      '::1',
      'a.test:8080',
      'a..test',
      '-a.test',
      'a-.test',
    ],
    ...['_x.test', 'a b.test', '"q".test', '$(id).test', '../x.test', 'a*.test', '*a.test', '*', '*.*.test'],
    ...[
      'a.*.test',
      '.a.test',
      'a.test..',
      'a/b.test',
      'a%2eb.test',
      'a@b.test',
      'a\nb.test',
      'a.0x1',
      '1e.5',
    ],
    ...[`${'a'.repeat(64)}.test`, `${'a.'.repeat(125)}test`, 'ä.localhost:1', 'ä/b.test', 'ä', '*.test'],
  ])('%j is none', (text) => {
    const result = readDomainName(text);
    // One label below an asterisk has no dot of its own.
    expect([text, result.ok]).toEqual([text, false]);
  });

  test('whatever is written, what is accepted holds nothing else than letters, digits, dots and hyphens', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.domain()), (text) => {
        const result = readDomainName(text);
        expect(!result.ok || /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(result.value)).toBe(true);
      }),
    );
  });

  test('reading it again changes nothing', () => {
    fc.assert(
      fc.property(fc.domain(), (text) => {
        const first = readDomainName(text);
        expect(first.ok && readDomainName(first.value)).toEqual(first.ok && first);
      }),
    );
  });
});
