import { byText, type Parameters } from '@docker-flow/labels';

/** What a complete list of one source changed. */
export interface TableChanges {
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Services that a notification has removed, and that by now every source has left out of its list. */
  readonly confirmed: readonly string[];
}

/** A list that was asked for; what was notified since then is newer and stays. */
export interface Pull {
  apply(rows: ReadonlyMap<string, Parameters>): TableChanges;
  /** The list is the one that was applied before. */
  close(): void;
  /** How many notifications there had been before it. */
  readonly since: number;
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
  /** How many notifications there have been. */
  readonly notifications: () => number;
  /** Calls `tell` whenever a service is notified that no complete list names. */
  onUnlisted(tell: () => void): void;
  /**
   * Call this before asking `source`, and `apply` or `close` with its answer. A pull that got no answer goes on: what
   * was notified since the source was first asked in vain is newer than the list it gives in the end.
   */
  beginPull(source: string): Pull;
}

export interface ServiceTableOptions {
  /** All sources of lists: each has to leave out a removed service before its removal is confirmed. */
  readonly sources?: readonly string[];
}

interface Entry {
  readonly parameters: Parameters;
  /** Complete lists that have named this service. Only they can say that it is gone. */
  readonly sources: Set<string>;
}

/** A service that a notification has removed. */
interface Tombstone {
  readonly removedAt: number;
  /** Sources that do not list it any more. */
  readonly confirmedBy: Set<string>;
}

/**
 * The services heard of so far. A notification is newer than any list that was asked for before it,
 * so a late answer never overwrites or revives a service. A service that a source once listed and now
 * does not, is gone when no other source lists it; one that was only ever notified stays.
 */
export function createServiceTable({ sources = [] }: ServiceTableOptions = {}): ServiceTable {
  const allSources = new Set(sources);
  const entries = new Map<string, Entry>();
  /** When each service was last notified, also for services that were removed while a pull was under way. */
  const notifiedAt = new Map<string, number>();
  const tombstones = new Map<string, Tombstone>();
  const openPulls = new Map<string, Pull & { readonly begunAt: number }>();
  const unlistedListeners: (() => void)[] = [];
  let clock = 0;
  let notifications = 0;

  function notified(service: string): void {
    notifications += 1;
    clock += 1;
    notifiedAt.set(service, clock);
  }

  function forgetOldRemovals(): void {
    const oldest = Math.min(...[...openPulls.values()].map(({ begunAt }) => begunAt));
    for (const [service, at] of notifiedAt)
      if (at < oldest && !entries.has(service)) notifiedAt.delete(service);
  }

  /** Removals from before the list that it confirms as the last one. */
  function confirmRemovals(
    source: string,
    rows: ReadonlyMap<string, Parameters>,
    begunAt: number,
  ): readonly string[] {
    const confirmed: string[] = [];
    for (const [service, { removedAt, confirmedBy }] of tombstones) {
      if (removedAt > begunAt) continue;
      if (!rows.has(service)) confirmedBy.add(source);
      const isConfirmed = confirmedBy.size >= allSources.size;
      if (isConfirmed) confirmed.push(service);
      if (isConfirmed || rows.has(service)) tombstones.delete(service);
    }
    return confirmed;
  }

  function openPull(source: string, begunAt: number): Pull & { readonly begunAt: number } {
    const isNewer = (service: string) => (notifiedAt.get(service) ?? 0) > begunAt;

    function put(rows: ReadonlyMap<string, Parameters>): readonly string[] {
      const changed: string[] = [];
      for (const [service, parameters] of rows) {
        const known = entries.get(service);
        if (known) known.sources.add(source);
        if (isNewer(service)) continue;
        if (known && sameParameters(known.parameters, parameters)) continue;
        entries.set(service, { parameters, sources: known?.sources ?? new Set([source]) });
        changed.push(service);
      }
      return changed;
    }

    function removeUnlisted(rows: ReadonlyMap<string, Parameters>): readonly string[] {
      const removed: string[] = [];
      for (const [service, entry] of entries) {
        if (rows.has(service) || isNewer(service)) continue;
        if (!entry.sources.delete(source) || entry.sources.size > 0) continue;
        entries.delete(service);
        removed.push(service);
      }
      return removed;
    }

    return {
      begunAt,
      since: notifications,
      close: () => void openPulls.delete(source),
      apply(rows) {
        openPulls.delete(source);
        const changes = {
          changed: put(rows),
          removed: removeUnlisted(rows),
          confirmed: confirmRemovals(source, rows, begunAt),
        };
        forgetOldRemovals();
        return changes;
      },
    };
  }

  return {
    upsert(service, parameters) {
      notified(service);
      tombstones.delete(service);
      const listedBy = entries.get(service)?.sources ?? new Set();
      entries.set(service, { parameters, sources: listedBy });
      if (listedBy.size === 0) for (const tell of unlistedListeners) tell();
    },
    remove(service) {
      notified(service);
      // Without sources nobody would ever confirm it.
      if (allSources.size > 0) tombstones.set(service, { removedAt: clock, confirmedBy: new Set() });
      return entries.delete(service);
    },
    get: (service) => entries.get(service)?.parameters,
    isListed: (service) => (entries.get(service)?.sources.size ?? 0) > 0,
    list: () =>
      [...entries]
        .map(([service, { parameters }]) => [service, parameters] as const)
        .sort(byText(([service]) => service)),
    size: () => entries.size,
    notifications: () => notifications,
    onUnlisted: (tell) => void unlistedListeners.push(tell),
    beginPull(source) {
      const open = openPulls.get(source);
      if (open) return open;
      clock += 1;
      const pull = openPull(source, clock);
      openPulls.set(source, pull);
      return pull;
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
