import type { Cron } from './cron.js';
import type { Zone } from './zone.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** A cron that does not fire for so long never does, except on a 29 February around the year 2100. */
const LONGEST_SEARCH_DAYS = 366 * 5;

/** The first moment after `afterMs` at which a cron fires, in milliseconds; `Infinity` when it never does. */
export function nextTimeMs(cron: Cron, zone: Zone, afterMs: number): number {
  // Start a day early: around a change of the clock the wall of yesterday may still lie ahead.
  const firstDay = startOfDay(afterMs + zone.offsetMs(afterMs)) - DAY_MS;
  for (let i = 0; i < LONGEST_SEARCH_DAYS; i += 1) {
    const day = firstDay + i * DAY_MS;
    if (!isOnDay(cron, day)) continue;
    const next = firstOfDay(cron, zone, day, afterMs);
    if (next !== undefined) return next;
  }
  return Infinity;
}

function isOnDay({ months, days, weekdays, isEitherDay }: Cron, dayMs: number): boolean {
  const date = new Date(dayMs);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const isDay = days.has(date.getUTCDate());
  const isWeekday = weekdays.has(date.getUTCDay());
  return isEitherDay ? isDay || isWeekday : isDay && isWeekday;
}

function firstOfDay(
  { hours, minutes }: Cron,
  zone: Zone,
  dayMs: number,
  afterMs: number,
): number | undefined {
  let first: number | undefined;
  for (const hour of hours)
    for (const minute of minutes)
      for (const at of zone.momentsOf(dayMs + hour * HOUR_MS + minute * MINUTE_MS))
        if (at > afterMs && (first === undefined || at < first)) first = at;
  return first;
}

function startOfDay(wallMs: number): number {
  return Math.floor(wallMs / DAY_MS) * DAY_MS;
}
