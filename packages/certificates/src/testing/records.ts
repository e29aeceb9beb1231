import {
  newRecord,
  type CertificateRecord,
  type IssuedCertificate,
} from '../core/model/certificate-record.js';
import type { Wish } from '../core/wishes/collect-wishes.js';

export const DIRECTORY = 'https://ca.test/dir';

/** Under which orders are needed, unless a test says otherwise. */
export const ORDER_SETTINGS = { directory: DIRECTORY, renewAt: 0.667 };

/** A certificate that is valid from -10 to 90 days around 0, unless the changes say otherwise. */
export function issued(
  names: readonly string[],
  changes: Partial<IssuedCertificate> = {},
): IssuedCertificate {
  return {
    names,
    directory: DIRECTORY,
    issuer: 'Test authority',
    serial: '01',
    notBeforeMs: -10 * 86_400_000,
    notAfterMs: 80 * 86_400_000,
    renewalId: 'a.b',
    hasKey: true,
    ...changes,
  };
}

export function record(certName: string, changes: Partial<CertificateRecord> = {}): CertificateRecord {
  return { ...newRecord(certName), ...changes };
}

export function wish(
  services: readonly string[],
  names: readonly string[],
  changes: Partial<Wish> = {},
): Wish {
  return {
    names,
    services,
    part: 0,
    challenge: 'http-01',
    keyType: 'ecdsa-p256',
    profile: undefined,
    forbidden: undefined,
    refused: [],
    issues: [],
    ...changes,
  };
}
