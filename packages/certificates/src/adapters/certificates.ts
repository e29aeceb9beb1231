import { createPrivateKey, generateKeyPair, X509Certificate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { AuthorityKeyIdentifierExtension, X509Certificate as Extensions } from '@peculiar/x509';
import acme from 'acme-client';
import type { KeyType } from '@docker-flow/labels';
import type { Certificates } from '../ports.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\s\S]+?-----END (?:[A-Z]+ )?PRIVATE KEY-----/;
const generate = promisify(generateKeyPair);

/** Keys and certificates by Node's own cryptography; requests by acme-client. */
export const certificates: Certificates = {
  createKey: async (type) => exportKey(await newKey(type)),
  async createRequest(names, keyPem) {
    const [, request] = await acme.crypto.createCsr({ altNames: [...names] }, keyPem);
    return request.toString();
  },
  read(pem) {
    const [leaf] = certificatesOf(pem);
    if (!leaf) throw new Error('holds no certificate');
    return {
      names: namesOf(leaf),
      issuer: commonName(leaf.issuer),
      serial: leaf.serialNumber.toLowerCase(),
      notBeforeMs: Date.parse(leaf.validFrom),
      notAfterMs: Date.parse(leaf.validTo),
      renewalId: renewalIdOf(leaf),
      hasKey: KEY.test(pem),
    };
  },
  join(chainPem, keyPem) {
    const chain = certificatesOf(chainPem);
    const [leaf] = chain;
    if (!leaf) throw new Error('the authority sent no certificate');
    if (!leaf.checkPrivateKey(createPrivateKey(keyPem)))
      throw new Error('the certificate of the authority is not for our key');
    return [...chain.map((one) => one.toString().trim()), keyPem.trim(), ''].join('\n');
  },
};

async function newKey(type: KeyType): Promise<KeyObject> {
  const [kind, size = ''] = type.split('-');
  const pair =
    kind === 'rsa'
      ? await generate('rsa', { modulusLength: Number(size) })
      : await generate('ec', { namedCurve: size === 'p384' ? 'P-384' : 'P-256' });
  return pair.privateKey;
}

/** A new key for an account: P-256. */
export async function createAccountKey(): Promise<string> {
  return exportKey(await newKey('ecdsa-p256'));
}

function exportKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function certificatesOf(pem: string): readonly X509Certificate[] {
  return [...pem.matchAll(CERTIFICATE)].map(([text]) => new X509Certificate(text));
}

function namesOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  const names = [...subjectAltName.matchAll(/(?:^|, )DNS:([A-Za-z0-9_.*-]+)(?=,|$)/g)];
  return names.map(([, name = '']) => name.toLowerCase()).sort();
}

function commonName(distinguished: string): string {
  return /^CN=(.*)$/m.exec(distinguished)?.[1] ?? distinguished.replaceAll('\n', ', ');
}

/** RFC 9773, section 4.1: the key identifier of the authority, and the serial number as it is in the certificate. */
function renewalIdOf(leaf: X509Certificate): string | undefined {
  try {
    const identifier = new Extensions(leaf.raw).getExtension(AuthorityKeyIdentifierExtension)?.keyId;
    if (identifier === undefined) return undefined;
    return `${base64url(identifier)}.${base64url(serialBytes(leaf.serialNumber))}`;
  } catch {
    return undefined;
  }
}

/** Whole bytes, with a zero in front where the first bit would make it negative. */
export function serialBytes(serialNumber: string): string {
  const even = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`;
  return /^[89a-f]/i.test(even) ? `00${even}` : even;
}

function base64url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}
