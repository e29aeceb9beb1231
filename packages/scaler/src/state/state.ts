import { randomBytes } from 'node:crypto';
import { addActivity, type Activity, type ActivityLimits, type NewActivity } from '../core/activity.js';
import type { GroupMemory } from '../core/scaling/alert-group.js';
import type { Memory } from '../core/autoscaling/memory.js';
import type { ReplicaPoint } from '../core/replica-series.js';
import { newServiceMemory, type ServiceMemory } from '../core/service-memory.js';

/** Everything the scaler remembers; what is saved and read back at start. */
export interface StateSnapshot {
  readonly services: readonly ServiceMemory[];
  /** What is known of each alert group. */
  readonly groups: readonly (readonly [key: string, group: GroupMemory])[];
  readonly activities: readonly Activity[];
  readonly targets: readonly (readonly [id: string, memory: Memory])[];
  readonly series: readonly (readonly [name: string, series: readonly ReplicaPoint[]])[];
}

export interface State {
  memoryOf(id: string): ServiceMemory | undefined;
  /** Replaces the memory of a service; `change` gets the present one or a new one. */
  remember(id: string, name: string, change: (memory: ServiceMemory) => ServiceMemory): void;
  forget(id: string): void;
  memories(): readonly ServiceMemory[];
  groupOf(key: string): GroupMemory | undefined;
  rememberGroup(key: string, group: GroupMemory): void;
  /** The request of the group failed, so that the next post of it counts. */
  forgetGroup(key: string): void;
  /** What scaling on targets keeps of a service. */
  targetMemoryOf(id: string): Memory | undefined;
  rememberTarget(id: string, memory: Memory): void;
  forgetTarget(id: string): void;
  targetIds(): readonly string[];
  /** Replicas of a service over time, by its name. */
  seriesOf(name: string): readonly ReplicaPoint[];
  rememberSeries(name: string, series: readonly ReplicaPoint[]): void;
  forgetSeries(name: string): void;
  seriesNames(): readonly string[];
  addActivity(activity: NewActivity): Activity;
  /** Notes that as many tasks run as were wanted. */
  converged(activityId: string, afterMs: number): void;
  /** Oldest first. */
  activities(): readonly Activity[];
  snapshot(): StateSnapshot;
  /** Begins with what an earlier run has left. */
  restore(snapshot: StateSnapshot): void;
  /** Called after every change, but for looks: these come every few seconds, and are saved now and then. */
  onChange(listener: () => void): void;
  /** Called with every activity that is new or has changed. */
  onActivity(listener: (activity: Activity) => void): void;
}

export interface StateOptions {
  readonly limits: ActivityLimits;
}

/** Groups that nothing was heard of for so long are forgotten; Alertmanager repeats every 4 hours by default. */
const GROUPS_LAST_MS = 24 * 3_600_000;
const MOST_GROUPS = 2_000;
/** More services than a Swarm is likely to have; the oldest memories go first. */
const MOST_SERVICES = 10_000;

/** The memory of the program. It is changed from anywhere, one change after the other. */
export function createState({ limits }: StateOptions): State {
  const services = new Map<string, ServiceMemory>();
  const groups = new Map<string, GroupMemory>();
  const changeListeners: (() => void)[] = [];
  const activityListeners: ((activity: Activity) => void)[] = [];
  const targets = new Map<string, Memory>();
  const series = new Map<string, readonly ReplicaPoint[]>();
  let activities: readonly Activity[] = [];

  function changed(): void {
    for (const listener of changeListeners) listener();
  }

  function activityChanged(activity: Activity): void {
    for (const listener of activityListeners) listener(activity);
    changed();
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
      changed();
    },
    forget(id) {
      if (services.delete(id)) changed();
    },
    memories: () => [...services.values()],
    groupOf: (key) => groups.get(key),
    rememberGroup(key, group) {
      if (groups.get(key) === group) return;
      for (const [old, { atMs }] of groups)
        if (Math.abs(group.atMs - atMs) >= GROUPS_LAST_MS) groups.delete(old);
      groups.delete(key);
      groups.set(key, group);
      const oldest = groups.size > MOST_GROUPS ? groups.keys().next().value : undefined;
      if (oldest !== undefined) groups.delete(oldest);
      changed();
    },
    forgetGroup(key) {
      if (groups.delete(key)) changed();
    },
    targetMemoryOf: (id) => targets.get(id),
    rememberTarget(id, memory) {
      const before = targets.get(id);
      targets.set(id, memory);
      // What a restart must not lose is saved at once; recommendations may be a little old.
      if (before?.ups !== memory.ups || before.downs !== memory.downs || before.zeroByUs !== memory.zeroByUs)
        changed();
    },
    forgetTarget(id) {
      if (targets.delete(id)) changed();
    },
    targetIds: () => [...targets.keys()],
    seriesOf: (name) => series.get(name) ?? [],
    rememberSeries: (name, points) => void series.set(name, points),
    forgetSeries: (name) => void series.delete(name),
    seriesNames: () => [...series.keys()],
    addActivity(activity) {
      const result = addActivity(activities, activity, randomBytes(8).toString('hex'), limits);
      ({ activities } = result);
      activityChanged(result.added);
      return result.added;
    },
    converged(activityId, afterMs) {
      const activity = activities.find((one) => one.id === activityId);
      if (activity === undefined) return;
      const converged = { ...activity, convergedAfterMs: afterMs };
      activities = activities.map((one) => (one === activity ? converged : one));
      activityChanged(converged);
    },
    activities: () => activities,
    snapshot: () => ({
      services: [...services.values()],
      groups: [...groups],
      activities,
      targets: [...targets],
      series: [...series],
    }),
    restore(snapshot) {
      for (const memory of snapshot.services) services.set(memory.id, memory);
      for (const [key, group] of snapshot.groups) groups.set(key, group);
      for (const [id, memory] of snapshot.targets) targets.set(id, memory);
      for (const [name, points] of snapshot.series) series.set(name, points);
      ({ activities } = snapshot);
    },
    onChange(listener) {
      changeListeners.push(listener);
    },
    onActivity(listener) {
      activityListeners.push(listener);
    },
  };
}
