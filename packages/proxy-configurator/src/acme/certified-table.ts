import { readFile } from 'node:fs/promises';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { writeFileAtomic } from '@docker-flow/daemon/files/atomic-file';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { certifiedNames, renderCertifiedNames, type CertifiedBy } from '../core/acme/certified-names.js';
import type { CertifiedTable } from '../ports.js';

export interface CertifiedTableOptions {
  readonly file: string;
  readonly certificates: () => readonly CertifiedBy[];
  readonly now: () => Date;
}

const LOOK_MS = 2_000;

/** The table of names that have a valid certificate, on disk for the next HAProxy. */
export function createCertifiedTable({ file, certificates, now }: CertifiedTableOptions): CertifiedTable {
  let written: string | undefined;
  return {
    file,
    async refresh() {
      const names = certifiedNames(certificates(), now());
      const text = renderCertifiedNames(names);
      written ??= await readFile(file, 'utf8').catch(() => undefined);
      if (text !== written) await writeFileAtomic(file, text);
      written = text;
      return names;
    },
    isStale: () => renderCertifiedNames(certifiedNames(certificates(), now())) !== (written ?? ''),
  };
}

/** Asks for a run when a certificate has expired: time changes the table, and nobody tells of it. */
export function watchExpiry(table: CertifiedTable, trigger: () => void): Actor {
  return {
    name: 'certificate-expiry',
    async run(signal) {
      while (!signal.aborted) {
        await sleep(LOOK_MS, signal);
        if (table.isStale()) trigger();
      }
    },
  };
}
