import { createPrivateKey, X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { KeyType } from '@docker-flow/labels';
import { keyProblem, thumbprintOf } from '../account/account.js';
import { certificates, createAccountKey, serialBytes } from './certificates.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'certificates-'));
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '30',
    '-subj',
    '/CN=Test CA',
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
  );
});
afterAll(() => rmSync(directory, { recursive: true }));

function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', args, {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

const file = (name: string) => path.join(directory, name);

/** What an authority would make of a request. */
function sign(request: string): string {
  writeFileSync(file('request.pem'), request);
  openssl(
    'x509',
    '-req',
    '-in',
    'request.pem',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-days',
    '30',
    '-copy_extensions',
    'copy',
    '-set_serial',
    '0xf1',
    '-out',
    'leaf.crt',
  );
  return readFileSync(file('leaf.crt'), 'utf8') + readFileSync(file('ca.crt'), 'utf8');
}

test.each<[KeyType, string, number | string]>([
  ['ecdsa-p256', 'ec', 'prime256v1'],
  ['ecdsa-p384', 'ec', 'secp384r1'],
  ['rsa-2048', 'rsa', 2048],
])('a %s key signs a request that a certificate comes from', async (type, kind, size) => {
  const keyPem = await certificates.createKey(type);
  const key = createPrivateKey(keyPem);
  expect(key.asymmetricKeyType).toBe(kind);
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  expect(namedCurve ?? modulusLength).toBe(size);
  const pem = certificates.join(
    sign(await certificates.createRequest(['b.test', '*.a.test'], keyPem)),
    keyPem,
  );
  expect(certificates.read(pem)).toMatchObject({
    names: ['*.a.test', 'b.test'],
    issuer: 'Test CA',
    serial: 'f1',
    hasKey: true,
    renewalId: expect.stringMatching(/^[-_A-Za-z0-9]{20,}\.APE$/),
  });
  expect(new X509Certificate(pem).checkPrivateKey(key)).toBe(true);
});

test('a key that does not belong to the certificate is not joined with it', async () => {
  const chain = sign(
    await certificates.createRequest(['a.test'], await certificates.createKey('ecdsa-p256')),
  );
  const other = await certificates.createKey('ecdsa-p256');
  expect(() => certificates.join(chain, other)).toThrow('not for our key');
  expect(() => certificates.read('nothing')).toThrow('holds no certificate');
});

test('the thumbprint of an account is the one of RFC 7638', async () => {
  const key = await createAccountKey();
  expect(thumbprintOf(key)).toMatch(/^[-_A-Za-z0-9]{43}$/);
  expect(keyProblem(key)).toBeUndefined();
  expect(keyProblem('nothing')).toContain('cannot be read');
});

test.each([
  ['7f', '7f'],
  ['80', '0080'],
  ['1', '01'],
  ['ff00', '00ff00'],
])('serial number %s has the bytes %s', (serial, bytes) => {
  expect(serialBytes(serial)).toBe(bytes);
});
