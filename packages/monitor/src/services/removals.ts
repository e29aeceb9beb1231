/**
 * Services that were removed by notification. Their persistent alerts stay until no listener lists the
 * service any more.
 */
export interface Removals {
  /** A notification about a service: it is there, or it is gone. */
  note(service: string, isThere: boolean): void;
  /** The services removed so far; to be taken down before a list is asked for. */
  open(): ReadonlySet<string>;
  /**
   * A complete list of one source. Answers the services that were removed before that list was asked for
   * and that are now missing from the lists of all sources.
   */
  noteList(
    source: string,
    listed: ReadonlySet<string>,
    removedBefore: ReadonlySet<string>,
  ): readonly string[];
}

export function createRemovals(sources: readonly string[]): Removals {
  const all = new Set(sources);
  /** The sources that have confirmed the removal. */
  const removed = new Map<string, Set<string>>();
  return {
    note(service, isThere) {
      if (isThere || all.size === 0) removed.delete(service);
      else removed.set(service, new Set());
    },
    open: () => new Set(removed.keys()),
    noteList(source, listed, removedBefore) {
      const gone: string[] = [];
      for (const [service, confirmed] of removed) {
        if (!removedBefore.has(service)) continue;
        if (listed.has(service)) {
          removed.delete(service);
          continue;
        }
        confirmed.add(source);
        if (confirmed.size < all.size) continue;
        removed.delete(service);
        gone.push(service);
      }
      return gone;
    },
  };
}
