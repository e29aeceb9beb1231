import { z } from 'zod/v3';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { createStateFile } from '@docker-flow/daemon/files/state-file';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { Activity } from '../core/activity.js';
import { ServiceMemory } from '../core/service-memory.js';
import { createState, type State, type StateOptions, type StateSnapshot } from './state.js';

/** Files of before knew only when a group was decided. */
const Group = z.union([
  z.number().transform((atMs) => ({ atMs, firing: [], known: [], hidden: 0, peers: [] })),
  z.object({
    atMs: z.number(),
    firing: z.array(z.string()),
    known: z.array(z.string()),
    hidden: z.number(),
    peers: z.array(z.string()),
  }),
]);

const Events = z.array(z.object({ at: z.number(), change: z.number() }));
const TargetMemory = z.object({
  recommendations: z.array(z.object({ at: z.number(), desired: z.number() })).optional(),
  ups: Events,
  downs: Events,
  failures: z.record(z.number()),
  lastActiveAt: z.number().optional(),
  createdAt: z.number().optional(),
  zeroByUs: z.boolean(),
});
const Point = z.object({ atMs: z.number(), wanted: z.number(), running: z.number().optional() });

const Snapshot = z.object({
  version: z.literal(1),
  services: z.array(ServiceMemory),
  groups: z.array(z.tuple([z.string(), Group])),
  activities: z.array(Activity),
  targets: z.array(z.tuple([z.string(), TargetMemory])).default([]),
  series: z.array(z.tuple([z.string(), z.array(Point)])).default([]),
});

/** A scaled count is worth more than a write: few changes are gathered. */
const GATHER_MS = 50;
const LOOKS_SAVED_EVERY_MS = 30_000;
/**
 * Replica counts of a file that nobody has kept for longer are forgotten. A volume belongs to one node: the
 * scaler may have worked on another one since, and comes back to a file that knows nothing of it.
 */
const COUNTS_LAST_MS = 60 * 60_000;

export interface OpenStateOptions extends StateOptions {
  /** Absent: what is remembered ends with the process. */
  readonly file: string | undefined;
}

export interface OpenStateDeps {
  readonly logger: Logger;
  /** Milliseconds of the clock on the wall, as the times of files. */
  readonly now: () => number;
}

export interface OpenState {
  readonly state: State;
  /** Keeps the file up to date. */
  readonly actors: readonly Actor[];
  /** Writes what is not written yet, when the program ends. `limitMs`: how long it waits for the disk (5 s). */
  readonly flush: (limitMs?: number) => Promise<void>;
}

/** The state with what an earlier run has left, kept in the file from now on. */
export async function openState(
  { file, ...options }: OpenStateOptions,
  { logger, now }: OpenStateDeps,
): Promise<OpenState> {
  const state = createState(options);
  if (file === undefined) {
    logger.info('Activities are kept in memory only: SCALER_STATE_FILE names no file');
    return { state, actors: [], flush: () => Promise.resolve() };
  }
  const stateFile = createStateFile({
    file,
    schema: Snapshot,
    gather: () => ({ version: 1 as const, ...state.snapshot() }),
    gatherMs: GATHER_MS,
    logger,
  });
  const loaded = await stateFile.load();
  if (loaded) state.restore(withoutOldCounts(loaded.state, loaded.keptUntilMs));
  state.onChange(() => stateFile.changed());
  const looks: Actor = {
    name: 'state of looks',
    async run(signal) {
      while (!isAborted(signal)) {
        await sleep(LOOKS_SAVED_EVERY_MS, signal);
        if (!isAborted(signal)) stateFile.changed();
      }
    },
  };
  async function flush(limitMs?: number): Promise<void> {
    stateFile.changed();
    await stateFile.flush(limitMs);
  }
  return { state, actors: [stateFile, looks], flush };

  function withoutOldCounts(snapshot: StateSnapshot, keptUntilMs: number): StateSnapshot {
    if (now() - keptUntilMs <= COUNTS_LAST_MS) return snapshot;
    logger.info('The state file is old: its activities are shown, its replica counts are forgotten', {
      file,
      keptUntil: new Date(keptUntilMs).toISOString(),
    });
    return { ...snapshot, services: [], targets: [] };
  }
}
