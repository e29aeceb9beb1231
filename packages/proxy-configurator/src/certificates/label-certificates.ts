import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '@docker-flow/daemon/files/atomic-file';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { assignCertificateNames, type AssignedCertificate } from '../core/certificates/assign-names.js';
import { readCertificateList, type ListedFile } from '../core/changes/certificate-list.js';
import type { LabelCertificates } from '../ports.js';
import { hostNamesOf } from './pem.js';

/** A certificate of a label on disk; the names are those it is shown for, and may be none. */
export interface LabelFile extends Required<ListedFile> {
  readonly service: string;
  /** Why it is not shown for some of its names. */
  readonly refused: AssignedCertificate['refused'];
}

/** The certificates of labels, in a directory that nothing else uses. They go with their services. */
export interface LabelDirectory {
  /** Writes what is shown. Answers all, in the order of the list. */
  place(labels: LabelCertificates, operatorNames: readonly string[]): Promise<readonly LabelFile[]>;
  /** Those of a list that was written before. */
  listed(listFile: string): Promise<readonly LabelFile[]>;
  /** Removes all others. */
  clean(files: readonly LabelFile[]): Promise<void>;
}

export function createLabelDirectory(directory: string, logger: Logger): LabelDirectory {
  let before: readonly AssignedCertificate[] = [];
  const told = new Set<string>();

  function tell({ service, refused }: AssignedCertificate): void {
    for (const { name, problem } of refused) {
      const line = `${service} ${name} ${problem}`;
      if (!told.has(line))
        logger.warn('Certificate of a label is not shown for a name', { service, name, reason: problem });
      told.add(line);
    }
  }

  return {
    async place({ pems, claims }, operator) {
      const certificates = [...pems].map(([service, pem]) => ({ service, names: hostNamesOf(pem) }));
      const assigned = assignCertificateNames(certificates, { operator, before, claims });
      before = assigned;
      assigned.forEach(tell);
      return Promise.all(
        assigned.map(async (one) => {
          const pem = pems.get(one.service) ?? '';
          const file = path.join(directory, fileName(one.service, pem));
          if (one.names.length > 0) await writeOnce(file, pem);
          return { ...one, path: file };
        }),
      );
    },
    async listed(listFile) {
      const text = await readFile(listFile, 'utf8').catch(() => '');
      const there = new Set(await filesOf(directory));
      return readCertificateList(text, directory)
        .filter((one) => there.has(path.basename(one.path)))
        .map((one) => ({ ...one, service: one.names[0] ?? '', refused: [] }));
    },
    async clean(files) {
      const kept = new Set(
        files.filter(({ names }) => names.length > 0).map((one) => path.basename(one.path)),
      );
      const others = (await filesOf(directory)).filter((name) => !kept.has(name));
      await Promise.all(others.map((name) => rm(path.join(directory, name), { force: true })));
    },
  };
}

/** Changes with the content, so that a version that is rejected leaves the file of the one that runs alone. */
function fileName(service: string, pem: string): string {
  return `${digest(service)}.${digest(pem)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

async function writeOnce(file: string, pem: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === pem) return;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFileAtomic(file, pem, { mode: 0o600 });
}

async function filesOf(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []);
}
