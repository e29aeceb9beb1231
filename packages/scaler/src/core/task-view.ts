/** What is known of one task. */
export interface TaskFacts {
  readonly id: string;
  readonly slot: number | undefined;
  readonly nodeId: string;
  readonly state: string;
  readonly desiredState: string;
  readonly error: string;
  readonly createdAtMs: number | undefined;
  readonly stateAtMs: number | undefined;
}

/** A task that shall run, as it is shown. Times are ISO. */
export interface TaskView {
  readonly id: string;
  /** Absent for tasks of global services. */
  readonly slot: number | undefined;
  /** Name of its node; absent while it waits for one. */
  readonly node: string | undefined;
  /** `pending`, `preparing`, `starting`, `running` … */
  readonly state: string;
  readonly desiredState: string;
  /** Why it waits, in Swarm's words. */
  readonly error: string | undefined;
  /** Since when it has its state. */
  readonly since: string | undefined;
  /** How the task before it in its place ended, while this one does not run. */
  readonly lastFailure:
    { readonly state: string; readonly error: string; readonly at: string | undefined } | undefined;
}

const WANTED = new Set(['ready', 'running']);
const FAILED = new Set(['failed', 'rejected']);

/** Tasks that shall run, by slot, then by node: those that have ended only say why their successors do not run. */
export function viewTasks(
  tasks: readonly TaskFacts[],
  nodeNames: ReadonlyMap<string, string>,
): readonly TaskView[] {
  const failures = newestFailures(tasks);
  const nodeOf = ({ nodeId }: TaskFacts) => (nodeId === '' ? undefined : (nodeNames.get(nodeId) ?? nodeId));
  return tasks
    .filter(({ desiredState }) => WANTED.has(desiredState))
    .map((task) => ({
      id: task.id,
      slot: task.slot,
      node: nodeOf(task),
      state: task.state,
      desiredState: task.desiredState,
      error: task.error === '' ? undefined : task.error,
      since: timeText(task.stateAtMs),
      lastFailure: task.state === 'running' ? undefined : failures.get(placeOf(task)),
    }))
    .sort((a, b) => (a.slot ?? 0) - (b.slot ?? 0) || compare(a.node, b.node) || compare(a.id, b.id));
}

function newestFailures(tasks: readonly TaskFacts[]): ReadonlyMap<string, TaskView['lastFailure']> {
  const ended = tasks
    .filter(({ state, desiredState }) => FAILED.has(state) && !WANTED.has(desiredState))
    .sort((a, b) => (a.createdAtMs ?? 0) - (b.createdAtMs ?? 0));
  return new Map(
    ended.map((task) => [
      placeOf(task),
      { state: task.state, error: task.error, at: timeText(task.stateAtMs) },
    ]),
  );
}

/** A slot, or for global services a node. */
function placeOf({ slot, nodeId }: TaskFacts): string {
  return slot === undefined ? `node ${nodeId}` : `slot ${slot}`;
}

function timeText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
