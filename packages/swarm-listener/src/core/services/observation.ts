import { isServing } from './convergence.js';
import { nodeInfoOf, otherNetworks, type NodeInfoMode } from './node-info.js';
import type { NodesById, SwarmNode, SwarmService, SwarmTask } from './swarm-objects.js';

/** What Docker shows of one service of interest at one moment. */
export interface Observation {
  readonly service: SwarmService;
  /** Whether any task serves; absent: not looked at, and nothing is taken away because of it. */
  readonly serving?: boolean;
  /** Absent: not looked at. */
  readonly nodeInfo?: { readonly value: string | undefined };
  /** Looked at because the service waits for them; absent: not looked at. */
  readonly newestTasks?: NewestTasks;
}

/** The tasks of one service that is waited for. */
export interface NewestTasks {
  /** Of the newest version, wanted running or accepted. */
  readonly tasks: readonly SwarmTask[];
  readonly nodes: NodesById;
}

/** Where things run, of some services at one moment. */
export interface TaskSnapshot {
  /** Tasks that are wanted running. */
  readonly tasksOf: (serviceId: string) => readonly SwarmTask[];
  readonly nodes: NodesById;
}

/** An observation of service and tasks. */
export interface FullObservation extends Observation {
  readonly serving: boolean;
  readonly nodeInfo: { readonly value: string | undefined };
  /** On which networks its tasks are, when they are not on its scrape network. */
  readonly otherNetworks: readonly string[];
}

/** What a snapshot of tasks says of one service. */
export function observationOf(
  service: SwarmService,
  { tasksOf, nodes }: TaskSnapshot,
  mode: NodeInfoMode,
): FullObservation {
  const tasks = tasksOf(service.id);
  return {
    service,
    serving: isServing(service, tasks, nodes),
    nodeInfo: { value: nodeInfoOf(service, tasks, nodes, mode) },
    otherNetworks: otherNetworks(service, tasks, mode),
  };
}

/** `observationOf` for a fixed mode. */
export type Observe = (service: SwarmService, snapshot: TaskSnapshot) => FullObservation;

/**
 * For those who look at everything again and again: what has not changed comes from Docker as the same objects, and
 * then what was found out the last time, the very same value, still holds.
 */
export function memoizeObservations(mode: NodeInfoMode): Observe {
  const known = new WeakMap<
    SwarmService,
    {
      readonly tasks: readonly SwarmTask[];
      readonly nodes: readonly (SwarmNode | undefined)[];
      readonly observation: FullObservation;
    }
  >();
  return (service, snapshot) => {
    const tasks = snapshot.tasksOf(service.id);
    const nodes = tasks.map(({ nodeId }) => snapshot.nodes.get(nodeId));
    const before = known.get(service);
    if (before && sameItems(before.tasks, tasks) && sameItems(before.nodes, nodes)) return before.observation;
    const observation = observationOf(service, snapshot, mode);
    known.set(service, { tasks, nodes, observation });
    return observation;
  };
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
