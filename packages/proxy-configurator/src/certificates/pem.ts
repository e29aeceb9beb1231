import { createPrivateKey, X509Certificate } from 'node:crypto';
import { InvalidRequestError, messageOf } from '@docker-flow/daemon/errors';

const MARKER = /-----(BEGIN|END) ([A-Z0-9 ]{1,64})-----/g;

interface Block {
  readonly text: string;
  readonly kind: string;
}

/** The parts between `BEGIN` and the `END` of the same kind, read once from front to back. */
function blocksOf(pem: string): readonly Block[] {
  const blocks: Block[] = [];
  let begun: { readonly kind: string; readonly at: number } | undefined;
  for (const { 0: marker, 1: word, 2: kind = '', index } of pem.matchAll(MARKER)) {
    if (word === 'BEGIN') begun = { kind, at: index };
    else if (begun?.kind === kind) {
      blocks.push({ kind, text: pem.slice(begun.at, index + marker.length) });
      begun = undefined;
    }
  }
  return blocks;
}

/** A certificate with its key, as HAProxy wants it in one file. */
export interface ServerCertificate {
  readonly commonName: string;
  /** The domain names it is for, in small letters. */
  readonly names: readonly string[];
  readonly issued: Date;
  readonly expires: Date;
}

/**
 * Reads a PEM with a certificate (its chain may follow) and the key that belongs to it.
 *
 * @throws {InvalidRequestError} saying what is missing or does not fit
 */
export function readServerCertificate(pem: string): ServerCertificate {
  const blocks = blocksOf(pem);
  const leaf = blocks.find(({ kind }) => kind.endsWith('CERTIFICATE'));
  const key = blocks.find(({ kind }) => kind.endsWith('PRIVATE KEY'));
  if (!leaf)
    throw new InvalidRequestError('holds no certificate; expected PEM with certificate and private key');
  if (!key)
    throw new InvalidRequestError('holds no private key; expected PEM with certificate and private key');
  try {
    const [certificate] = blocks
      .filter(({ kind }) => kind.endsWith('CERTIFICATE'))
      .map(({ text }) => new X509Certificate(text));
    if (!certificate) throw new InvalidRequestError('holds no certificate');
    if (!certificate.checkPrivateKey(createPrivateKey(key.text))) {
      throw new InvalidRequestError('has a private key that does not belong to the first certificate');
    }
    return {
      commonName: /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '',
      names: namesOf(certificate),
      issued: new Date(certificate.validFrom),
      expires: new Date(certificate.validTo),
    };
  } catch (error) {
    if (error instanceof InvalidRequestError) throw error;
    throw new InvalidRequestError(`cannot be read: ${messageOf(error)}`);
  }
}

/** The names that clients may ask for to get this certificate; none when it is none. */
export function hostNamesOf(pem: string): readonly string[] {
  try {
    const { names, commonName } = readServerCertificate(pem);
    // HAProxy shows a certificate for its common name, too.
    const own = commonName.toLowerCase();
    return [...new Set([...names, own])].filter((name) => HOST_NAME.test(name));
  } catch {
    return [];
  }
}

const HOST_NAME = /^(?:\*\.)?[a-z0-9_][a-z0-9_.-]*$/;

function namesOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return [...subjectAltName.matchAll(/(?:^|, )DNS:([A-Za-z0-9_.*-]+)(?=,|$)/g)].map(([, name = '']) =>
    name.toLowerCase(),
  );
}

/** Whether somebody has taken the key out of a PEM. */
export function lacksPrivateKey(pem: string): boolean {
  return !blocksOf(pem).some(({ kind }) => kind.endsWith('PRIVATE KEY'));
}

/** The certificates of a PEM without its key. */
export function withoutPrivateKey(pem: string): string {
  return blocksOf(pem)
    .filter(({ kind }) => kind.endsWith('CERTIFICATE'))
    .map(({ text }) => `${text}\n`)
    .join('');
}
