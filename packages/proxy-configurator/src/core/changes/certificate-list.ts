import { compareBytes } from '@docker-flow/labels';

/** A certificate file. Those of the directory can be changed through the API, secrets cannot; labels go with their service. */
export interface CertificateFile {
  readonly name: string;
  readonly path: string;
  readonly source: 'directory' | 'secret' | 'label';
}

/** A line of the list. */
export interface ListedFile {
  readonly path: string;
  /** The server names it is shown for; absent: all it is for. */
  readonly names?: readonly string[];
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
export function renderCertificateList(files: readonly ListedFile[]): string {
  return files.map(({ path, names = [] }) => `${[escapePath(path), ...names].join(' ')}\n`).join('');
}

/** The files of a list that lie in a directory; their names hold no blank. */
export function readCertificateList(text: string, directory: string): readonly Required<ListedFile>[] {
  const start = `${escapePath(directory)}/`;
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith(start)) return [];
    const [name = '', ...names] = line.slice(start.length).split(' ');
    return [{ path: `${directory}/${name}`, names }];
  });
}

function escapePath(path: string): string {
  return path.replace(/[\\[\]#\s]/g, '\\$&');
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
