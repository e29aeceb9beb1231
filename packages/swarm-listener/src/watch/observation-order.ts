/** One look at Docker among those that overlap it. */
export interface Generation {
  /**
   * Whether what this look found out about an object may be used: no look that began later has been accepted
   * for it already. When the answer is true, this one is accepted.
   */
  accept(id: string): boolean;
  /**
   * The same question without being accepted: for looks that have seen only the tasks of a service, and must
   * not keep out one that began earlier and has seen the service itself.
   */
  canAccept(id: string): boolean;
  end(): void;
}

export interface ObservationOrder {
  /** Call it before Docker is asked, and `end` when all that was seen has been used. */
  begin(): Generation;
}

const MANY = 1_000;

/**
 * Looks overlap, and an answer that was asked for earlier may come later: a long list would bring back
 * a service that a look in between has found gone. The look that began last wins.
 */
export function createObservationOrder(): ObservationOrder {
  let newest = 0;
  const open = new Set<number>();
  const accepted = new Map<string, number>();
  function forgetBefore(begun: number): void {
    for (const [id, at] of accepted) if (at < begun) accepted.delete(id);
  }

  return {
    begin() {
      newest += 1;
      const begun = newest;
      open.add(begun);
      const canAccept = (id: string) => (accepted.get(id) ?? 0) <= begun;
      return {
        accept(id) {
          if (!canAccept(id)) return false;
          accepted.set(id, begun);
          return true;
        },
        canAccept,
        end() {
          open.delete(begun);
          if (open.size === 0) accepted.clear();
          else if (accepted.size > MANY) forgetBefore(Math.min(...open));
        },
      };
    },
  };
}
