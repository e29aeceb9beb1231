import type { UnplacedTasks } from './decide.js';

/** What is known of a task that may wait for a node. */
export interface TaskState {
  readonly state: string;
  readonly desiredState: string;
  /** Docker's words, `no suitable node (insufficient resources on 3 nodes)`. */
  readonly error: string;
  /** Empty while it waits for a node. */
  readonly nodeId: string;
}

/** Tasks that shall run, and that Swarm cannot place: it says why with each of them. */
export function unplacedTasks(tasks: readonly TaskState[]): UnplacedTasks | undefined {
  const waiting = tasks.filter(
    ({ state, desiredState, error, nodeId }) =>
      desiredState === 'running' && state === 'pending' && nodeId === '' && error !== '',
  );
  const reason = waiting[0]?.error;
  return reason === undefined ? undefined : { tasks: waiting.length, reason };
}
