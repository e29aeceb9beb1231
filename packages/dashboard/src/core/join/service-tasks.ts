import type { Parameters } from '@docker-flow/labels';
import type { ScalerTask } from '../readings/scaler.js';

/** A running task, as the listener tells it where it sends `nodeInfo`. */
export interface TaskPlace {
  readonly nodeName: string;
  readonly address: string;
}

/** Running tasks; none where nobody tells. */
export function serviceTasks(parameters: Parameters | undefined): readonly TaskPlace[] {
  const text = parameters?.['nodeInfo'];
  if (text === undefined) return [];
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    const [nodeName, address] = Array.isArray(row) ? (row as unknown[]) : [];
    return typeof nodeName === 'string' && typeof address === 'string' ? [{ nodeName, address }] : [];
  });
}

/** A task of one service. */
export interface ServiceTask {
  readonly slot?: number;
  /** `running`, `pending`, `starting` … */
  readonly state: string;
  /** Why it does not run, in Swarm's words: its own, or how the task before it ended. */
  readonly reason?: string;
  /** ISO. */
  readonly since?: string;
}

/** The tasks of one service on one node. */
export interface NodeTasks {
  /** Empty for tasks that wait for a node. */
  readonly node: string;
  /** In the network that is scraped, as far as the listener tells. */
  readonly addresses: readonly string[];
  readonly tasks: readonly ServiceTask[];
}

/**
 * Tasks by node: those that wait for one first.
 *
 * @param told by Swarm to the scaler; absent where it is not asked: then those count whose addresses are told
 */
export function tasksByNode(
  told: readonly ScalerTask[] | undefined,
  places: readonly TaskPlace[],
): readonly NodeTasks[] {
  const nodes = new Set([
    ...(told ?? []).map(({ node = '' }) => node),
    ...places.map(({ nodeName }) => nodeName),
  ]);
  return [...nodes].sort().map((node) => {
    const here = places.filter(({ nodeName }) => nodeName === node);
    return {
      node,
      addresses: here.map(({ address }) => address),
      tasks:
        told === undefined
          ? here.map(() => ({ state: 'running' }))
          : told.filter((task) => (task.node ?? '') === node).map(viewTask),
    };
  });
}

function viewTask({ slot, state, error, since, lastFailure }: ScalerTask): ServiceTask {
  const before =
    lastFailure === undefined ? undefined : `the task before it ${lastFailure.state}: ${lastFailure.error}`;
  const reason = error ?? before;
  return {
    ...(slot === undefined ? {} : { slot }),
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(since === undefined ? {} : { since }),
  };
}
