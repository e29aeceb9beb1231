import type { CertificateRecord } from '../model/certificate-record.js';
import type { Wish } from './collect-wishes.js';

export interface AssignedWish {
  readonly certName: string;
  readonly wish: Wish;
}

export interface Assignment {
  readonly assigned: readonly AssignedWish[];
  /** Certificates that nobody asks for any more. */
  readonly retired: readonly string[];
  /** Certificates whose services ask for another one instead. */
  readonly replaced: readonly string[];
}

type Known = Pick<CertificateRecord, 'certName' | 'services' | 'part' | 'wanted'>;

/**
 * Which file each wish goes into: the one it has already while one of its services asks, also when the names have
 * changed; else one named after its first service. So a changed set replaces its file, and no older one shadows it.
 */
export function assignNames(wishes: readonly Wish[], records: readonly Known[]): Assignment {
  const free = new Map(records.map((record) => [record.certName, record]));
  const names = new Map<Wish, string>();
  const take = (wish: Wish, certName: string) => {
    names.set(wish, certName);
    free.delete(certName);
  };
  const byService = new Map<string, Known[]>();
  for (const known of records)
    for (const service of known.services) byService.set(service, [...(byService.get(service) ?? []), known]);
  const ofWish = (wish: Wish) =>
    [...new Set(wish.services.flatMap((service) => byService.get(service) ?? []))].filter(
      ({ certName, part }) => part === wish.part && free.has(certName),
    );
  // Who wants the same as before comes first: a file must not be taken from it.
  for (const wish of wishes) {
    const same = ofWish(wish).find(({ wanted }) => wanted.join(' ') === wish.names.join(' '));
    if (same) take(wish, same.certName);
  }
  for (const wish of wishes) {
    if (names.has(wish)) continue;
    const own = ofWish(wish);
    const first =
      own.find(({ certName }) => certName === nameFor(wish.services[0] ?? '', wish.part)) ?? own[0];
    if (first) take(wish, first.certName);
  }
  const taken = new Set(names.values());
  // `acme-web-2.pem` is the first choice of a service web-2.
  const firstChoices = new Set(wishes.flatMap(({ services }) => services.map((one) => nameFor(one, 0))));
  for (const wish of wishes) {
    if (names.has(wish)) continue;
    const certName = freeName(wish, taken, firstChoices);
    taken.add(certName);
    take(wish, certName);
  }
  const asking = new Set(wishes.flatMap(({ services }) => services));
  const left = [...free.values()];
  const isReplaced = ({ services }: Known) => services.length > 0 && services.every((one) => asking.has(one));
  return {
    assigned: wishes.map((wish) => ({ certName: names.get(wish) ?? '', wish })),
    retired: left.filter((record) => !isReplaced(record)).map(({ certName }) => certName),
    replaced: left.filter(isReplaced).map(({ certName }) => certName),
  };
}

function nameFor(service: string, part: number): string {
  return part === 0 ? `acme-${service}.pem` : `acme-${service}-${part + 1}.pem`;
}

function freeName(
  { services, part }: Wish,
  taken: ReadonlySet<string>,
  firstChoices: ReadonlySet<string>,
): string {
  const [service = ''] = services;
  for (let number = part; ; number += 1) {
    const certName = nameFor(service, number);
    const isOfOther = number > 0 && firstChoices.has(certName);
    if (!taken.has(certName) && !isOfOther) return certName;
  }
}

/** The service that a file was named after, for certificates that are known by their file alone. */
export function serviceOfFile(certName: string): string | undefined {
  return /^acme-(.+)\.pem$/.exec(certName)?.[1];
}
