import {
  newRecord,
  type CertificateRecord,
  type IssuedCertificate,
} from '../core/model/certificate-record.js';
import { serviceOfFile } from '../core/wishes/assign-names.js';
import { RecordFile } from './saved-record.js';
import type { StateDirectory } from './state-directory.js';

/** All certificates, in memory and on the volume. */
export interface Book {
  /** Reads what the last run left. */
  load(): Promise<void>;
  list(): readonly CertificateRecord[];
  get(certName: string): CertificateRecord | undefined;
  /** Certificate, chain and key; `undefined` when it is not known here. */
  pem(certName: string): string | undefined;
  /** Counts at once; resolves when it is on disk. */
  put(record: CertificateRecord): Promise<void>;
  putPem(certName: string, pem: string): Promise<void>;
  remove(certName: string): Promise<void>;
}

const FOLDER = 'certificates';
const CERT_NAME = /^acme-[A-Za-z0-9_.-]{1,190}\.pem$/;

/** Whether a file of a proxy is one of ours by its name. */
export function isOwnFile(certName: string): boolean {
  return CERT_NAME.test(certName);
}

/** @param read what a PEM says; `undefined` when it cannot be read */
export function createBook(
  directory: StateDirectory,
  read: (pem: string) => Omit<IssuedCertificate, 'directory'> | undefined,
): Book {
  const records = new Map<string, CertificateRecord>();
  const pems = new Map<string, string>();
  const pemFile = (certName: string) => `${FOLDER}/${certName}`;
  const recordFile = (certName: string) => `${FOLDER}/${certName.replace(/\.pem$/, '.json')}`;

  async function loadOne(certName: string): Promise<void> {
    const saved = await directory.readJson(recordFile(certName), RecordFile);
    const pem = await directory.read(pemFile(certName));
    const facts = pem === undefined ? undefined : read(pem);
    if (pem !== undefined && !facts) await directory.setAside(pemFile(certName), 'no certificate');
    if (pem !== undefined && facts) pems.set(certName, pem);
    const known = saved?.certName === certName ? saved : undefined;
    if (!known && !facts) return;
    const record = known ?? { ...unknownRecord(certName), wanted: facts?.names ?? [] };
    records.set(certName, { ...record, certificate: facts && certificateOf(record, facts) });
  }

  return {
    async load() {
      const names = (await directory.list(FOLDER))
        .filter((file) => /\.(?:pem|json)$/.test(file))
        .map((file) => file.replace(/\.(?:pem|json)$/, '.pem'))
        .filter(isOwnFile);
      for (const certName of new Set(names)) await loadOne(certName);
    },
    list: () => [...records.values()],
    get: (certName) => records.get(certName),
    pem: (certName) => pems.get(certName),
    async put(record) {
      records.set(record.certName, record);
      await directory.write(recordFile(record.certName), JSON.stringify(record));
    },
    async putPem(certName, pem) {
      pems.set(certName, pem);
      await directory.write(pemFile(certName), pem);
    },
    async remove(certName) {
      records.delete(certName);
      pems.delete(certName);
      await Promise.all([pemFile, recordFile].map((file) => directory.remove(file(certName))));
    },
  };
}

/** What a file counts for that is known by its name alone: it belongs to the service it was named after. */
export function unknownRecord(certName: string): CertificateRecord {
  return { ...newRecord(certName), services: [serviceOfFile(certName) ?? ''] };
}

/** A program that was killed may have written the certificate and not yet what belongs to it. */
function certificateOf(
  { certificate, pending }: CertificateRecord,
  facts: Omit<IssuedCertificate, 'directory'>,
): IssuedCertificate {
  if (certificate?.serial === facts.serial) return certificate;
  return { ...facts, directory: pending?.directory ?? certificate?.directory };
}
