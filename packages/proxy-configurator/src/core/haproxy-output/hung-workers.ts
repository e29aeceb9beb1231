import type { ProcessStatus } from './process-status.js';

/** How often the main thread of a process had run when that was last seen to change. */
interface LastRun {
  readonly runs: number;
  readonly atMs: number;
}

/** By the number of the process. */
export type LastRuns = ReadonlyMap<number, LastRun>;

/** The main thread of a worker runs once a minute at least, with whatever connections. */
const HUNG_AFTER_MS = 150_000;

/**
 * One look at old workers; `before` is what the look before has answered. `hung`: those whose main thread has waited for so
 * long that it has left its loop, and waits for another thread in vain. One that is stopped is not among them.
 */
export function lookForHung(
  before: LastRuns,
  workers: ReadonlyMap<number, ProcessStatus>,
  nowMs: number,
): { readonly seen: LastRuns; readonly hung: readonly number[] } {
  const seen = new Map<number, LastRun>();
  const hung: number[] = [];
  for (const [pid, { runs, isWaiting }] of workers) {
    const last = before.get(pid);
    const hasRun = last?.runs !== runs || !isWaiting;
    seen.set(pid, hasRun ? { runs, atMs: nowMs } : last);
    if (!hasRun && nowMs - last.atMs >= HUNG_AFTER_MS) hung.push(pid);
  }
  return { seen, hung };
}
