import { compareBytes } from '@docker-flow/labels';

/** What counts of a certificate for whether redirects to https may go to its names. */
export interface CertifiedBy {
  /** In small letters; wildcards as `*.acme.com`. */
  readonly names: readonly string[];
  readonly issued: Date;
  readonly expires: Date;
}

/** Clocks differ a little: a certificate that was made just now is good. */
const TOLERATED_MS = 5 * 60_000;

/** The names that one of the certificates covers now, sorted. */
export function certifiedNames(certificates: readonly CertifiedBy[], now: Date): readonly string[] {
  const valid = certificates.filter(
    ({ issued, expires }) =>
      issued.getTime() <= now.getTime() + TOLERATED_MS && expires.getTime() > now.getTime(),
  );
  return [...new Set(valid.flatMap(({ names }) => names))].sort(compareBytes);
}

/** The table of names as HAProxy reads it from disk. */
export function renderCertifiedNames(names: readonly string[]): string {
  return names.map((name) => `${name} 1\n`).join('');
}

/** Commands that bring the table in a running HAProxy from one list of names to another. */
export function certifiedNamesCommands(
  file: string,
  from: readonly string[],
  to: readonly string[],
): readonly string[] {
  const [before, after] = [new Set(from), new Set(to)];
  return [
    ...from.filter((name) => !after.has(name)).map((name) => `del map ${file} ${name}`),
    ...to.filter((name) => !before.has(name)).map((name) => `add map ${file} ${name} 1`),
  ];
}
