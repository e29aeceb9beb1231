/** Who runs where, and what a name led to where a proxy is. Nodes by their numbers. */
export interface NamesAtProxy {
  readonly proxyNode: number;
  /** By service, the addresses that its name led to. */
  readonly found: ReadonlyMap<string, readonly string[]>;
}

export interface RunningTask {
  readonly service: string;
  readonly node: number;
  /** On the network of the proxies. */
  readonly address: string;
  /** On other networks: a proxy that is on one of them, too, may be led there. */
  readonly elsewhere: readonly string[];
}

/** A task that runs, and that the name of its service did not lead to. */
export interface LostName extends RunningTask {
  readonly proxyNode: number;
}

export function lostNames(
  tasks: readonly RunningTask[],
  views: readonly NamesAtProxy[],
): readonly LostName[] {
  return views.flatMap(({ proxyNode, found }) =>
    tasks.flatMap((task) => {
      const led = found.get(task.service);
      const isFound = [task.address, ...task.elsewhere].some((one) => led?.includes(one));
      return led === undefined || isFound ? [] : [{ ...task, proxyNode }];
    }),
  );
}

/** Those that were lost at both looks: a name may be late once. */
export function stillLost(before: readonly LostName[], now: readonly LostName[]): readonly LostName[] {
  return now.filter((one) =>
    before.some(({ address, proxyNode }) => address === one.address && proxyNode === one.proxyNode),
  );
}

/** The nodes whose Docker is out of step: that of a proxy which alone misses a task, else that of the task. */
export function nodesOutOfStep(lost: readonly LostName[], views: readonly NamesAtProxy[]): readonly number[] {
  const nodes = lost.map((one) => {
    const missing = lost.filter(({ address }) => address === one.address).length;
    return missing < views.length ? one.proxyNode : one.node;
  });
  return [...new Set(nodes)].sort((a, b) => a - b);
}

export function lostNameInWords({ service, node, address, proxyNode }: LostName): string {
  return `on node ${proxyNode} the name of ${service} does not lead to its task ${address} on node ${node}`;
}
