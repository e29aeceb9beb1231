import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidRequestError, messageOf } from '@docker-flow/daemon/errors';
import { writeFileAtomic } from '@docker-flow/daemon/files/atomic-file';
import type { Logger } from '@docker-flow/daemon/log/logger';
import {
  isCertificateSecret,
  orderCertificates,
  renderCertificateList,
  type CertificateFile,
} from '../core/changes/certificate-list.js';
import type { LoadedCertificate } from '../core/changes/certificate-changes.js';
import type { LabelCertificates, LoadableCertificates } from '../ports.js';
import { createLabelDirectory, type LabelFile } from './label-certificates.js';
import { readServerCertificate } from './pem.js';
import { createStandInCertificate } from './self-signed-certificate.js';

export interface StoredCertificate {
  readonly name: string;
  readonly pem: string;
}

/** What is known about one certificate that HAProxy uses, or why it does not. */
export interface CertificateState {
  readonly file: CertificateFile;
  readonly issued: Date | undefined;
  readonly expires: Date | undefined;
  /** The domain names it is for; none when it is not used. */
  readonly names: readonly string[];
  /** HAProxy shows it for this name, too. */
  readonly commonName: string;
  readonly problem: string | undefined;
  /** Changes with the file. */
  readonly version: string;
}

/** Certificates on disk: of the directory, of secrets, of labels, and the list HAProxy reads. */
export interface CertificateStore extends LoadableCertificates {
  /** Certificates of the directory with their keys. */
  list(): Promise<readonly StoredCertificate[]>;
  /**
   * Stores one. Answers how to undo it, or `undefined` when the same was there already.
   *
   * @throws {InvalidRequestError} when the name is no file name or the PEM not usable
   */
  store(name: string, pem: string): Promise<(() => Promise<void>) | undefined>;
  /** Removes one, if it is there. @throws {InvalidRequestError} when the name is no file name */
  remove(name: string): Promise<void>;
  readonly states: () => readonly CertificateState[];
  /** Path of a certificate of the directory. */
  pathOf(name: string): string;
}

export interface CertificateStoreOptions {
  readonly directory: string;
  readonly secrets: string;
  /** A directory for certificates of labels alone. */
  readonly labels: string;
  readonly preferred: readonly string[];
  /** The list HAProxy reads. */
  readonly listFile: string;
  /** Whether the list is generated; otherwise it is the operator's own and used as it is. */
  readonly generatesList: boolean;
  readonly standIn: string;
  readonly logger: Logger;
}

export function createCertificateStore(options: CertificateStoreOptions): CertificateStore {
  const { directory, secrets, preferred, listFile, generatesList, standIn, logger } = options;
  const labelDirectory = createLabelDirectory(options.labels, logger);
  let states: readonly CertificateState[] = [];
  let labelled: readonly LabelFile[] = [];
  /** By path: the version of the file that HAProxy did not take, and what it said. */
  const refused = new Map<string, { readonly version: string; readonly problem: string }>();
  const complained = new Set<string>();
  let written: string | undefined;

  function pathOf(name: string): string {
    return path.join(directory, name);
  }

  async function files(): Promise<readonly CertificateFile[]> {
    const own = (await regularFiles(directory)).map((name) => ({
      name,
      path: pathOf(name),
      source: 'directory' as const,
    }));
    const secret = (await regularFiles(secrets)).filter(isCertificateSecret).map((name) => ({
      name,
      path: path.join(secrets, name),
      source: 'secret' as const,
    }));
    return orderCertificates([...own, ...secret], preferred);
  }

  async function inspect(file: CertificateFile): Promise<CertificateState> {
    const version = await versionOf(file.path);
    const complaint = refused.get(file.path);
    if (complaint?.version === version) {
      return { ...unusable(file, complaint.problem), version };
    }
    refused.delete(file.path);
    const known = states.find((state) => state.file.path === file.path && state.version === version);
    if (known) return known;
    try {
      const read = readServerCertificate(await readFile(file.path, 'utf8'));
      const { issued, expires, names, commonName } = read;
      complained.delete(file.path);
      return { file, issued, expires, names, commonName, problem: undefined, version };
    } catch (error) {
      const problem = messageOf(error);
      if (!complained.has(file.path))
        logger.warn('Certificate is left out', { certificate: file.name, reason: problem });
      complained.add(file.path);
      return { ...unusable(file, problem), version };
    }
  }

  function fileNamed(name: string): string {
    if (!/^[A-Za-z0-9_*][A-Za-z0-9_.*@+-]{0,200}$/.test(name)) {
      throw new InvalidRequestError(
        `certName ${JSON.stringify(name)} is no file name; expected letters, digits and _ . -`,
      );
    }
    return pathOf(name);
  }

  async function refresh(labels?: LabelCertificates): Promise<readonly LoadedCertificate[]> {
    await ensureStandIn(standIn);
    const own = await Promise.all((await files()).map(inspect));
    if (!generatesList) {
      states = own;
      const version = await versionOf(listFile).catch(() => '');
      return [
        { path: listFile, version },
        ...states.map((one) => ({ path: one.file.path, version: one.version })),
      ];
    }
    const usable = own.filter(({ problem }) => problem === undefined);
    labelled = labels
      ? await labelDirectory.place(
          labels,
          usable.flatMap(({ names, commonName }) => [...names, commonName.toLowerCase()]),
        )
      : await labelDirectory.listed(listFile);
    states = [...own, ...(await Promise.all(labelled.map(inspectLabel)))];
    const shown = labelled.filter(({ names }) => names.length > 0);
    const listed = [...usable.map(({ file }) => ({ path: file.path })), ...shown];
    const text = renderCertificateList(listed.length > 0 ? listed : [{ path: standIn }]);
    written ??= await readFile(listFile, 'utf8').catch(() => undefined);
    if (text !== written) await writeFileAtomic(listFile, text);
    written = text;
    await labelDirectory.clean(labelled);
    return [
      ...usable.map(({ file, version }) => ({ path: file.path, version })),
      ...shown.map(({ path: file, names }) => ({ path: file, names, version: '' })),
    ];
  }

  async function inspectLabel({
    service,
    path: file,
    names,
    refused: kept,
  }: LabelFile): Promise<CertificateState> {
    const about = { file: { name: service, path: file, source: 'label' as const }, version: '' };
    if (names.length === 0) {
      const problem = kept.map(({ name, problem: why }) => `not shown for ${name}: ${why}`).join(', ');
      return { ...unusable(about.file, problem || 'is for no host name'), ...about };
    }
    const { issued, expires, commonName } = readServerCertificate(await readFile(file, 'utf8'));
    return { ...about, issued, expires, commonName, names, problem: undefined };
  }

  return {
    generatesList,
    pathOf,
    states: () => states,
    read: (file) => readFile(file, 'utf8'),
    refresh,
    blamed: (complaints) =>
      new Map(
        labelled.flatMap(({ service, path: file }): readonly (readonly [string, string])[] => {
          const said = complaintAbout(file, complaints);
          return said === undefined ? [] : [[service, said]];
        }),
      ),
    leaveOut(complaints) {
      if (!generatesList) return false;
      let found = false;
      for (const { file, version, problem } of states) {
        const reason = complaintAbout(file.path, complaints);
        if (reason === undefined || problem !== undefined || file.source === 'label') continue;
        found = true;
        refused.set(file.path, { version, problem: reason });
        logger.warn('Certificate is left out', { certificate: file.name, reason });
      }
      return found;
    },
    async list() {
      return Promise.all(
        (await regularFiles(directory)).map(async (name) => ({
          name,
          pem: await readFile(pathOf(name), 'utf8'),
        })),
      );
    },
    remove: async (name) => rm(fileNamed(name), { force: true }),
    async store(name, pem) {
      const file = fileNamed(name);
      readServerCertificate(pem);
      const before = await readFile(file, 'utf8').catch(() => undefined);
      if (before === pem) return undefined;
      await writeFileAtomic(file, pem, { mode: 0o600 });
      return async () => {
        if (before === undefined) await rm(file, { force: true });
        else await writeFileAtomic(file, before, { mode: 0o600 });
      };
    },
  };
}

function complaintAbout(file: string, complaints: readonly string[]): string | undefined {
  const said = complaints.find((one) => one.includes(`'${file}'`));
  // Before it HAProxy says which list of which bind it was reading.
  return said?.slice(said.lastIndexOf(' : ') + 1).replace(/^: /, '');
}

function unusable(file: CertificateFile, problem: string): Omit<CertificateState, 'version'> {
  return { file, issued: undefined, expires: undefined, names: [], commonName: '', problem };
}

/** Names of the regular files of a directory, links followed, in the order of their bytes. */
async function regularFiles(directory: string): Promise<readonly string[]> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch {
    return [];
  }
  const kept = await Promise.all(
    names.map(async (name) => {
      if (name.startsWith('.')) return [];
      const found = await stat(path.join(directory, name)).catch(() => undefined);
      return found?.isFile() === true ? [name] : [];
    }),
  );
  return kept.flat().sort();
}

/** Text that changes with a file. */
async function versionOf(file: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(file);
  return `${mtimeMs} ${size} ${ino}`;
}

async function ensureStandIn(file: string): Promise<void> {
  try {
    readServerCertificate(await readFile(file, 'utf8'));
  } catch {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, createStandInCertificate('docker-flow-proxy', new Date()), { mode: 0o600 });
  }
}
