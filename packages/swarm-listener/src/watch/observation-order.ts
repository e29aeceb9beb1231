export interface Turn {
  /**
   * Whether what this look found out about a subject may be used: no look that began later has said
   * something about it already. Counts as said when the answer is true.
   */
  claim(id: string): boolean;
  /**
   * The same question without the answer counting as said: for looks that have seen only the tasks of a
   * service, and must not keep out one that began earlier and has seen the service itself.
   */
  allows(id: string): boolean;
  end(): void;
}

export interface LookOrder {
  begin(): Turn;
}

const MANY = 1_000;

/**
 * Looks overlap, and an answer that was asked for earlier may come later: a long list would bring back
 * a service that a look in between has found gone. The look that began last wins.
 */
export function createLookOrder(): LookOrder {
  let clock = 0;
  const open = new Set<number>();
  const claimed = new Map<string, number>();
  function forgetBefore(begun: number): void {
    for (const [id, at] of claimed) if (at < begun) claimed.delete(id);
  }

  return {
    begin() {
      clock += 1;
      const begun = clock;
      open.add(begun);
      const allows = (id: string) => (claimed.get(id) ?? 0) <= begun;
      return {
        claim(id) {
          if (!allows(id)) return false;
          claimed.set(id, begun);
          return true;
        },
        allows,
        end() {
          open.delete(begun);
          if (open.size === 0) claimed.clear();
          else if (claimed.size > MANY) forgetBefore(Math.min(...open));
        },
      };
    },
  };
}
