/** How calls shall go wrong. `path` is without version prefix; a regular expression or the exact text. */
export interface Fault {
  readonly method?: string;
  readonly path: string | RegExp;
  /** Answer this status with `{"message": …}` … */
  readonly status?: number;
  readonly message?: string;
  /** … or answer late … */
  readonly delayMs?: number;
  /** … or never, or break the connection. */
  readonly how?: 'hang' | 'reset';
  /** So many calls; for ever when absent. */
  readonly times?: number;
}

export interface Faults {
  /** Answers a function that takes the fault away again. */
  add(fault: Fault): () => void;
  clear(): void;
  /** The fault for this call, counted as used. */
  take(method: string, path: string): Fault | undefined;
}

export function createFaults(): Faults {
  const active = new Map<Fault, number>();
  return {
    add(fault) {
      active.set(fault, fault.times ?? Infinity);
      return () => active.delete(fault);
    },
    clear: () => active.clear(),
    take(method, path) {
      for (const [fault, left] of active) {
        if (fault.method !== undefined && fault.method !== method) continue;
        if (typeof fault.path === 'string' ? fault.path !== path : !fault.path.test(path)) continue;
        if (left <= 1) active.delete(fault);
        else active.set(fault, left - 1);
        return fault;
      }
      return undefined;
    },
  };
}

/** What a manager answers while the cluster has no leader. */
export const NO_LEADER =
  "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.";
/** What any Swarm call gets on a worker. */
export const NOT_A_MANAGER =
  "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.";
