import type { Run } from '../ports.js';

/** A change that is live, and how it came there. */
export interface RecentChange extends Pick<Run, 'outcome' | 'reason' | 'services' | 'durationMs'> {
  /** When, in milliseconds since 1970. */
  readonly atMs: number;
}

export interface RecentChanges {
  /** A run that changed nothing is forgotten. */
  add(run: Run): void;
  /** The newest first. */
  list(): readonly RecentChange[];
}

const KEPT = 20;

/** The last changes of the running configuration, for people who ask why HAProxy was reloaded. */
export function createRecentChanges(nowMs: () => number): RecentChanges {
  let changes: readonly RecentChange[] = [];
  return {
    add({ outcome, reason, services, durationMs }) {
      if (outcome === 'unchanged') return;
      changes = [{ atMs: nowMs(), outcome, reason, services, durationMs }, ...changes].slice(0, KEPT);
    },
    list: () => changes,
  };
}
