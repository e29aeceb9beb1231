import { assignNames, type AssignedWish } from '../core/wishes/assign-names.js';
import { collectWishes } from '../core/wishes/collect-wishes.js';
import type { ServiceRequest } from '../core/wishes/service-request.js';
import { newRecord, type CertificateRecord } from '../core/model/certificate-record.js';
import { withWanted } from '../core/orders/record-changes.js';
import type { Book } from '../store/book.js';
import type { WallClock } from '../ports.js';

/** What the services want, brought together with the certificates that there are. */
export interface WantedCertificates {
  /** Compares anew. Records of wishes that have changed are written. */
  refresh(requests: readonly ServiceRequest[]): Promise<void>;
  readonly assigned: () => readonly AssignedWish[];
  wish(certName: string): AssignedWish['wish'] | undefined;
  /** Certificates whose services ask for another one instead. */
  readonly replaced: () => readonly string[];
  /** When the names of a certificate last changed in this life; 0: not in this life. */
  changedAtMs(certName: string): number;
}

export function createWantedCertificates(book: Book, clock: WallClock): WantedCertificates {
  let assigned: readonly AssignedWish[] = [];
  let byName: ReadonlyMap<string, AssignedWish['wish']> = new Map();
  let replaced: readonly string[] = [];
  const changedAt = new Map<string, number>();

  return {
    async refresh(requests) {
      const assignment = assignNames(collectWishes(requests), book.list());
      assigned = assignment.assigned;
      byName = new Map(assigned.map(({ certName, wish }) => [certName, wish]));
      replaced = assignment.replaced;
      const writes = assigned.map(({ certName, wish }) => {
        const known = book.get(certName);
        const record = withWanted(known ?? newRecord(certName), wish.names, wish.services, wish.part);
        if (known?.wanted.join(' ') !== wish.names.join(' ')) changedAt.set(certName, clock.nowMs());
        return known && isSameWish(known, record) ? Promise.resolve() : book.put(record);
      });
      await Promise.all(writes);
    },
    assigned: () => assigned,
    wish: (certName) => byName.get(certName),
    replaced: () => replaced,
    changedAtMs: (certName) => changedAt.get(certName) ?? 0,
  };
}

/** Whether a record that is told anew what is wanted says the same as before. */
function isSameWish(a: CertificateRecord, b: CertificateRecord): boolean {
  return (
    a.part === b.part &&
    a.services.join(' ') === b.services.join(' ') &&
    a.wanted.join(' ') === b.wanted.join(' ')
  );
}
