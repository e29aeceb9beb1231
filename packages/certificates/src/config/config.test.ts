import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { InvalidConfigurationError } from '@docker-flow/daemon/errors';
import { createAccountKey } from '../adapters/certificates.js';
import { readConfig } from './config.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'certificates-config-'));
  mkdirSync(path.join(root, 'run/secrets'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const read = (environment: Readonly<Record<string, string>> = {}) =>
  readConfig({ DF_FS_ROOT: root, ...environment });

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    read(environment);
    return [];
  } catch (error) {
    if (error instanceof InvalidConfigurationError) return error.details as readonly string[];
    throw error;
  }
}

test('without any variable certificates come from Let’s Encrypt, by http, below its limits', () => {
  expect(read()).toMatchObject({
    directoryUrl: 'https://acme-v02.api.letsencrypt.org/directory',
    isStaging: false,
    agreesToTerms: false,
    proxyServiceName: 'proxy',
    keyType: 'ecdsa-p256',
    challenge: 'http-01',
    dns: undefined,
    renewAt: 0.667,
    backOff: { minMs: 300_000, maxMs: 86_400_000 },
    maxOrders: 4,
    limits: { orders: { count: 250, withinMs: 10_800_000 }, failures: { count: 4, withinMs: 3_600_000 } },
    stateDirectory: path.join(root, '/state'),
  });
});

test('other authorities have no limits but those that are set', () => {
  const environment = { DIRECTORY_URL: 'https://ca.test/dir', LIMIT_DOMAIN: '5/1d' };
  expect(read(environment).limits).toEqual({
    orders: undefined,
    sameSet: undefined,
    domain: { count: 5, withinMs: 86_400_000 },
    failures: undefined,
  });
  expect(read({ LIMIT_ORDERS: '0' }).limits.orders).toBeUndefined();
});

test('STAGING chooses the directory for trials, and DIRECTORY_URL wins', () => {
  expect(read({ STAGING: 'true' })).toMatchObject({ isStaging: true });
  expect(read({ STAGING: 'true', DIRECTORY_URL: 'https://ca.test/dir' })).toMatchObject({
    directoryUrl: 'https://ca.test/dir',
    isStaging: false,
  });
});

test('the service of the proxy is the host of its address unless it is named', () => {
  expect(read({ PROXY_ADDRESS: 'https://edge:8443' }).proxyServiceName).toBe('edge');
  expect(read({ PROXY_ADDRESS: 'http://edge', PROXY_SERVICE_NAME: 'proxy_main' }).proxyServiceName).toBe(
    'proxy_main',
  );
});

test('secrets come from files, and are never to be printed', async () => {
  const key = await createAccountKey();
  writeFileSync(path.join(root, 'run/secrets/account_key'), key);
  writeFileSync(path.join(root, 'run/secrets/api_token'), 'sesame-open\n');
  const config = read({ EAB_KID: 'kid', EAB_HMAC_KEY: 'c2VjcmV0LWtleQ' });
  expect(config).toMatchObject({ apiToken: 'sesame-open', accountKey: key.trimEnd() });
  expect(config.binding).toEqual({ keyId: 'kid', hmacKey: 'c2VjcmV0LWtleQ' });
  expect(config.secrets).toEqual(expect.arrayContaining(['sesame-open', 'c2VjcmV0LWtleQ', key.trimEnd()]));
});

describe('DNS', () => {
  const ACCOUNTS = JSON.stringify({
    'Acme.com': { username: 'u-name', password: 'p-word', subdomain: 's', fulldomain: 's.auth.test' },
  });

  test('by updates', () => {
    const config = read({
      DNS_PROVIDER: 'rfc2136',
      RFC2136_SERVER: 'ns.acme.com:5353',
      RFC2136_ZONE: 'Acme.com.',
      RFC2136_TSIG_NAME: 'key.',
      RFC2136_TSIG_SECRET: 'c2VjcmV0',
    });
    expect(config.dns).toMatchObject({
      server: { host: 'ns.acme.com', port: 5353 },
      zone: 'acme.com',
      key: { name: 'key', algorithm: 'hmac-sha256' },
    });
    expect(config.dnsReach).toBe('everything');
  });

  test('by acme-dns, for the domains that there are accounts for', () => {
    const config = read({
      DNS_PROVIDER: 'acme-dns',
      ACME_DNS_URL: 'http://acme-dns',
      ACME_DNS_ACCOUNTS: ACCOUNTS,
    });
    expect(config.dnsReach).toEqual(new Set(['acme.com']));
    expect(config.secrets).toEqual(expect.arrayContaining(['u-name', 'p-word']));
  });
});

test.each([
  [{ PROXY_ADDRESS: 'ftp://proxy' }, 'PROXY_ADDRESS'],
  [{ DIRECTORY_URL: 'http://ca.test/dir' }, 'DIRECTORY_URL'],
  [{ CA_FILE: '/nowhere.pem' }, 'CA_FILE'],
  [{ AGREE_TOS: 'perhaps' }, 'AGREE_TOS'],
  [{ EMAIL: 'nobody' }, 'EMAIL'],
  [{ KEY_TYPE: 'rsa-1024' }, 'KEY_TYPE'],
  [{ ACCOUNT_KEY: 'no key' }, 'ACCOUNT_KEY'],
  [{ EAB_KID: 'kid' }, 'EAB_KID'],
  [{ EAB_KID: 'kid', EAB_HMAC_KEY: '***' }, 'EAB_HMAC_KEY'],
  [{ ACME_ALLOW: 'a.test,localhost' }, 'ACME_ALLOW'],
  [{ CHALLENGE: 'tls-alpn-01' }, 'CHALLENGE'],
  [{ CHALLENGE: 'dns-01' }, 'DNS_PROVIDER'],
  [{ DNS_PROVIDER: 'route53' }, 'DNS_PROVIDER'],
  [{ DNS_PROVIDER: 'rfc2136' }, 'RFC2136_SERVER'],
  [{ DNS_PROVIDER: 'rfc2136', RFC2136_SERVER: 'ns', RFC2136_TSIG_NAME: 'key' }, 'RFC2136_TSIG_SECRET'],
  [{ DNS_PROVIDER: 'rfc2136', RFC2136_SERVER: 'ns', RFC2136_ZONE: 'a b' }, 'RFC2136_ZONE'],
  [{ DNS_PROVIDER: 'acme-dns', ACME_DNS_ACCOUNTS: '{}' }, 'ACME_DNS_URL'],
  [
    { DNS_PROVIDER: 'acme-dns', ACME_DNS_URL: 'http://a', ACME_DNS_ACCOUNTS: '{"a.test": {}}' },
    'ACME_DNS_ACCOUNTS',
  ],
  [{ RENEW_AT: '2' }, 'RENEW_AT'],
  [{ RETRY_MIN: 'soon' }, 'RETRY_MIN'],
  [{ SETTLE: '-1s' }, 'SETTLE'],
  [{ MAX_ORDERS: '0' }, 'MAX_ORDERS'],
  [{ LIMIT_ORDERS: '5' }, 'LIMIT_ORDERS'],
  [{ LIMIT_FAILURES: '0/1h' }, 'LIMIT_FAILURES'],
])('%j is refused by name', (environment, name) => {
  expect(problemsOf(environment).join('\n')).toContain(name);
});

test('all problems are named at once, and no secret with them', () => {
  const problems = problemsOf({ MAX_ORDERS: 'x', RENEW_AT: 'x', ACCOUNT_KEY: 'my-secret-key' });
  expect(problems.length).toBeGreaterThanOrEqual(2);
  expect(problems.join(' ')).not.toContain('my-secret-key');
});

test('values in quotes are read without them, and told', () => {
  const written = { EMAIL: '"ann@acme.com"', AGREE_TOS: "'true'", ACME_ALLOW: '"acme.com,acme.org"' };
  const { email, agreesToTerms, allow, warnings } = read(written);
  const plain = read({ EMAIL: 'ann@acme.com', AGREE_TOS: 'true', ACME_ALLOW: 'acme.com,acme.org' });
  expect([email, agreesToTerms, allow]).toEqual([plain.email, plain.agreesToTerms, plain.allow]);
  expect(agreesToTerms).toBe(true);
  expect([...warnings].sort()).toEqual(
    Object.keys(written)
      .sort()
      .map((name) => expect.stringContaining(`${name} is in quotes`) as unknown),
  );
});
