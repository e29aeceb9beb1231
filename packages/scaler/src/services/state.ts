import { randomBytes } from 'node:crypto';
import { addActivity, type Activity, type ActivityLimits, type NewActivity } from '../core/activity.js';
import { newServiceMemory, type ServiceMemory } from '../core/service-memory.js';

/** Everything the scaler remembers; what is saved and read back at start. */
export interface StateSnapshot {
  readonly services: readonly ServiceMemory[];
  /** When each alert group was last decided. */
  readonly groups: readonly (readonly [key: string, atMs: number])[];
  readonly activities: readonly Activity[];
}

export interface State {
  memoryOf(id: string): ServiceMemory | undefined;
  /** Replaces the memory of a service; `change` gets the present one or a new one. */
  remember(id: string, name: string, change: (memory: ServiceMemory) => ServiceMemory): void;
  forget(id: string): void;
  memories(): readonly ServiceMemory[];
  groupDecidedAtMs(key: string): number | undefined;
  rememberGroup(key: string, atMs: number): void;
  /** The request of the group failed, so that the next post of it counts. */
  forgetGroup(key: string): void;
  addActivity(activity: NewActivity): Activity;
  /** Notes that as many tasks run as were wanted. */
  converged(activityId: string, afterMs: number): void;
  /** Oldest first. */
  activities(): readonly Activity[];
  snapshot(): StateSnapshot;
}

export interface StateOptions {
  readonly initial?: StateSnapshot | undefined;
  readonly limits: ActivityLimits;
  readonly groupWindowMs: number;
  /** Called after every change. */
  readonly onChange?: () => void;
  readonly onActivity?: (activity: Activity) => void;
}

/** More services than a Swarm is likely to have; the oldest memories go first. */
const MOST_SERVICES = 10_000;

export function createState(options: StateOptions): State {
  const { initial, limits, groupWindowMs, onChange = nothing, onActivity = nothing } = options;
  const services = new Map(initial?.services.map((memory) => [memory.id, memory]));
  const groups = new Map(initial?.groups);
  let activities = initial?.activities ?? [];

  function replaceActivity(next: Activity): void {
    activities = activities.map((one) => (one.id === next.id ? next : one));
    onActivity(next);
    onChange();
  }

  return {
    memoryOf: (id) => services.get(id),
    remember(id, name, change) {
      const before = services.get(id) ?? newServiceMemory(id, name);
      const after = change(before);
      if (after === services.get(id)) return;
      services.delete(id);
      services.set(id, after);
      const oldest = services.size > MOST_SERVICES ? services.keys().next().value : undefined;
      if (oldest !== undefined) services.delete(oldest);
      onChange();
    },
    forget(id) {
      if (services.delete(id)) onChange();
    },
    memories: () => [...services.values()],
    groupDecidedAtMs: (key) => groups.get(key),
    rememberGroup(key, atMs) {
      for (const [old, decidedAtMs] of groups)
        if (Math.abs(atMs - decidedAtMs) >= groupWindowMs) groups.delete(old);
      groups.set(key, atMs);
      onChange();
    },
    forgetGroup(key) {
      if (groups.delete(key)) onChange();
    },
    addActivity(activity) {
      const result = addActivity(activities, activity, randomBytes(8).toString('hex'), limits);
      ({ activities } = result);
      onActivity(result.added);
      onChange();
      return result.added;
    },
    converged(activityId, afterMs) {
      const activity = activities.find((one) => one.id === activityId);
      if (activity) replaceActivity({ ...activity, convergedAfterMs: afterMs });
    },
    activities: () => activities,
    snapshot: () => ({ services: [...services.values()], groups: [...groups], activities }),
  };
}

function nothing(): void {
  // No listener.
}
