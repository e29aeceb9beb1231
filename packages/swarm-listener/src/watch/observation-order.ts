export interface Generation {
  /**
   * Whether what this look found out about a subject may be used: no look that began later has said
   * something about it already. Counts as said when the answer is true.
   */
  accept(id: string): boolean;
  /**
   * The same question without the answer counting as said: for looks that have seen only the tasks of a
   * service, and must not keep out one that began earlier and has seen the service itself.
   */
  canAccept(id: string): boolean;
  end(): void;
}

export interface ObservationOrder {
  begin(): Generation;
}

const MANY = 1_000;

/**
 * Looks overlap, and an answer that was asked for earlier may come later: a long list would bring back
 * a service that a look in between has found gone. The look that began last wins.
 */
export function createObservationOrder(): ObservationOrder {
  let clock = 0;
  const open = new Set<number>();
  const accepted = new Map<string, number>();
  function forgetBefore(begun: number): void {
    for (const [id, at] of accepted) if (at < begun) accepted.delete(id);
  }

  return {
    begin() {
      clock += 1;
      const begun = clock;
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
