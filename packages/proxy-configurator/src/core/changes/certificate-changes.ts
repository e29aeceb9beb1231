/** A certificate as HAProxy has it: `version` changes with the file. */
export interface LoadedCertificate {
  readonly path: string;
  readonly version: string;
  /** Listed for these server names only, as those of labels are; absent: for all it is for. */
  readonly names?: readonly string[];
}

/** How HAProxy gets from the certificates it has to those it shall have. */
export type CertificateChange =
  | { readonly kind: 'none' }
  | { readonly kind: 'reload' }
  | {
      readonly kind: 'runtime';
      /** Files with new content. */
      readonly renewed: readonly string[];
      readonly added: readonly string[];
    };

/**
 * Renewed certificates, and new ones that do not become the default, can be told to a running HAProxy.
 * A new first certificate, one that goes away or one for some names only takes a reload, and so does every change
 * while the list is the operator's: nobody knows which files it names.
 */
export function planCertificateChange(
  before: readonly LoadedCertificate[],
  after: readonly LoadedCertificate[],
  { generatesList }: { readonly generatesList: boolean },
): CertificateChange {
  const versions = new Map(before.map(({ path, version }) => [path, version]));
  const paths = new Set(after.map(({ path }) => path));
  if (before.some(({ path }) => !paths.has(path)) || before[0]?.path !== after[0]?.path)
    return { kind: 'reload' };
  const versionOf = ({ path, names }: LoadedCertificate) => names && `${path} ${names.join(' ')}`;
  const named = (list: readonly LoadedCertificate[]) => list.map(versionOf).filter(Boolean).join('\n');
  if (named(before) !== named(after)) return { kind: 'reload' };
  const added = after.filter(({ path }) => !versions.has(path)).map(({ path }) => path);
  const renewed = after
    .filter(({ path, version }) => versions.has(path) && versions.get(path) !== version)
    .map(({ path }) => path);
  if (added.length === 0 && renewed.length === 0) return { kind: 'none' };
  return generatesList ? { kind: 'runtime', renewed, added } : { kind: 'reload' };
}

/** Commands for one certificate; a blank line would end the content, so blank lines are left out. */
export function certificateCommands(path: string, pem: string, list: string | undefined): readonly string[] {
  const content = pem
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .join('\n');
  return [
    ...(list === undefined ? [] : [`new ssl cert ${path}`]),
    `set ssl cert ${path} <<\n${content}\n`,
    `commit ssl cert ${path}`,
    ...(list === undefined ? [] : [`add ssl crt-list ${list} ${path}`]),
  ];
}

/** Whether HAProxy's answer to one of these commands says that it was carried out. */
export function tookCertificate(answer: string): boolean {
  return /Success!|New empty certificate store|Transaction (?:created|updated)/.test(answer);
}
