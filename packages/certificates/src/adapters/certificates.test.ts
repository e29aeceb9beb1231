import { createPrivateKey, X509Certificate } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import type { KeyType } from '@docker-flow/labels';
import { createTestAuthority } from '@docker-flow/testkit';
import { keyProblem, thumbprintOf } from '../account/account.js';
import { certificates, createAccountKey, serialBytes } from './certificates.js';

const authority = createTestAuthority('Test CA');
afterAll(() => authority.remove());

/** What an authority would make of a request. */
function sign(request: string): string {
  return authority.sign(request, '0xf1') + authority.ca;
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
