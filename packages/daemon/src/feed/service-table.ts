import { byText, type Parameters } from '@docker-flow/labels';

/** What a complete list of one source changed. */
export interface TableChanges {
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** A list that was asked for; what was notified since then is newer and stays. */
export interface Pull {
  apply(rows: ReadonlyMap<string, Parameters>): TableChanges;
}

export interface ServiceTable {
  /** A notification: the newest state of one service. */
  upsert(service: string, parameters: Parameters): void;
  /** A notification that the service is gone. True when it was there. */
  remove(service: string): boolean;
  get(service: string): Parameters | undefined;
  /** Whether a complete list names it. One that was only ever notified goes by a notification alone. */
  isListed(service: string): boolean;
  /** All services, sorted by name. */
  list(): readonly (readonly [service: string, parameters: Parameters])[];
  readonly size: () => number;
  /** Call this before asking `source`, and `apply` with its answer. */
  beginPull(source: string): Pull;
}

interface Entry {
  readonly parameters: Parameters;
  /** Complete lists that have named this service. Only they can say that it is gone. */
  readonly sources: Set<string>;
}

/**
 * The services heard of so far. A notification is newer than any list that was asked for before it,
 * so a late answer never overwrites or revives a service. A service that a source once listed and now
 * does not, is gone when no other source lists it; one that was only ever notified stays.
 */
export function createServiceTable(): ServiceTable {
  const entries = new Map<string, Entry>();
  /** When each service was last notified, also for services that were removed while a pull was under way. */
  const notifiedAt = new Map<string, number>();
  /** By source: a pull that never got its answer ends with the next one. */
  const openPulls = new Map<string, number>();
  let clock = 0;

  function notified(service: string): void {
    clock += 1;
    notifiedAt.set(service, clock);
  }

  function forgetOldRemovals(): void {
    const oldest = Math.min(...openPulls.values());
    for (const [service, at] of notifiedAt)
      if (at < oldest && !entries.has(service)) notifiedAt.delete(service);
  }

  return {
    upsert(service, parameters) {
      notified(service);
      entries.set(service, { parameters, sources: entries.get(service)?.sources ?? new Set() });
    },
    remove(service) {
      notified(service);
      return entries.delete(service);
    },
    get: (service) => entries.get(service)?.parameters,
    isListed: (service) => (entries.get(service)?.sources.size ?? 0) > 0,
    list: () =>
      [...entries]
        .map(([service, { parameters }]) => [service, parameters] as const)
        .sort(byText(([service]) => service)),
    size: () => entries.size,
    beginPull(source) {
      clock += 1;
      const begunAt = clock;
      openPulls.set(source, begunAt);
      const newer = (service: string) => (notifiedAt.get(service) ?? 0) > begunAt;
      return {
        apply(rows) {
          openPulls.delete(source);
          const changed: string[] = [];
          const removed: string[] = [];
          for (const [service, parameters] of rows) {
            const known = entries.get(service);
            if (known) known.sources.add(source);
            if (newer(service)) continue;
            if (known && sameParameters(known.parameters, parameters)) continue;
            entries.set(service, { parameters, sources: known?.sources ?? new Set([source]) });
            changed.push(service);
          }
          for (const [service, entry] of entries) {
            if (
              rows.has(service) ||
              newer(service) ||
              !entry.sources.delete(source) ||
              entry.sources.size > 0
            )
              continue;
            entries.delete(service);
            removed.push(service);
          }
          forgetOldRemovals();
          return { changed, removed };
        },
      };
    },
  };
}

/** Whether two sets of parameters say the same, whatever their order. */
export function sameParameters(a: Parameters, b: Parameters): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && a[name] === b[name])
  );
}
