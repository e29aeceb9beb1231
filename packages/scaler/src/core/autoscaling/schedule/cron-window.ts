import { CronError, parseCron, type Cron } from './cron.js';
import { nextTimeMs } from './next-time.js';
import { zoneOf, type Zone } from './zone.js';

/** A window of time that opens and closes by the clock on the wall of a zone. */
export interface CronWindow {
  readonly start: string;
  readonly end: string;
  readonly timezone: string;
  readonly nextStartMs: (afterMs: number) => number;
  readonly nextEndMs: (afterMs: number) => number;
}

/** @throws {CronError} when a cron or the zone cannot be read, or a cron never fires */
export function cronWindow(start: string, end: string, timezone: string): CronWindow {
  const zone = zoneOf(timezone);
  return {
    start,
    end,
    timezone,
    nextStartMs: cachedNext(start, parseCron(start), zone),
    nextEndMs: cachedNext(end, parseCron(end), zone),
  };
}

/** Whether a window is open at a second: it closes before it opens again. So it is, from its start until just before its end. */
export function isOpen({ nextStartMs, nextEndMs }: CronWindow, atSeconds: number): boolean {
  const atMs = atSeconds * 1_000;
  return nextEndMs(atMs) <= nextStartMs(atMs);
}

/** Remembers the last answer: it holds from the moment it was asked for until it has come. */
function cachedNext(text: string, cron: Cron, zone: Zone): (afterMs: number) => number {
  let from = Infinity;
  let next = -Infinity;
  if (nextTimeMs(cron, zone, 0) === Infinity) throw new CronError(`"${text}" never fires`);
  return (afterMs) => {
    if (afterMs < from || afterMs >= next) {
      from = afterMs;
      next = nextTimeMs(cron, zone, afterMs);
    }
    return next;
  };
}
