import { compareBytes } from '@docker-flow/labels';
/** A certificate file. Those of the directory can be changed through the API, secrets cannot. */
export interface CertificateFile {
  readonly name: string;
  readonly path: string;
  readonly source: 'directory' | 'secret';
}

/**
 * The order of certificates in the list; the first is the one for unknown names. Files of the directory by
 * name, then secrets by name; files that match an earlier one of the preferred globs go before all others.
 */
export function orderCertificates(
  files: readonly CertificateFile[],
  preferred: readonly string[],
): readonly CertificateFile[] {
  const globs = preferred.map(globToRegExp);
  const rank = ({ name }: CertificateFile) => {
    const found = globs.findIndex((glob) => glob.test(name));
    return found < 0 ? globs.length : found;
  };
  return [...files].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      Number(a.source === 'secret') - Number(b.source === 'secret') ||
      compareBytes(a.name, b.name),
  );
}

/** Text of the list for HAProxy, always with a final newline: without one 2.6 refuses the file. */
export function renderCertificateList(paths: readonly string[]): string {
  return paths.map((path) => `${path.replace(/[\\[\]#\s]/g, '\\$&')}\n`).join('');
}

/** Names of secrets that hold a certificate. */
export function isCertificateSecret(name: string): boolean {
  return /^cert[-_]/i.test(name);
}

/** `*` is the only wildcard and may stand anywhere. */
function globToRegExp(glob: string): RegExp {
  const pattern = glob.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`);
}
