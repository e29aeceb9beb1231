import { CronError } from './cron.js';

const HOUR_MS = 3_600_000;
/** Transitions of zones fall on whole quarters of an hour. */
const CACHE_STEP_MS = 900_000;
const MOST_CACHED = 10_000;

/** A time zone of the IANA database. */
export interface Zone {
  /** What a clock on the wall shows more than UTC, in milliseconds. */
  offsetMs(atMs: number): number;
  /** The moments at which the wall shows this time, written as if it were UTC: none in a gap, two in an overlap. */
  momentsOf(wallMs: number): readonly number[];
}

const zones = new Map<string, Zone>();

/** @throws {CronError} when there is no such zone */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = createZone(name);
    zones.set(name, zone);
  }
  return zone;
}

function createZone(name: string): Zone {
  const format = formatOf(name);
  const offsets = new Map<number, number>();
  function offsetMs(atMs: number): number {
    const step = Math.floor(atMs / CACHE_STEP_MS);
    let offset = offsets.get(step);
    if (offset === undefined) {
      if (offsets.size > MOST_CACHED) offsets.clear();
      offset = wallOf(format, step * CACHE_STEP_MS) - step * CACHE_STEP_MS;
      offsets.set(step, offset);
    }
    return offset;
  }
  return {
    offsetMs,
    momentsOf(wallMs) {
      // Whatever the zone does that day, one of the offsets of half a day before and after it is in force.
      const candidates = new Set([-12, 12].map((hours) => wallMs - offsetMs(wallMs + hours * HOUR_MS)));
      return [...candidates].filter((at) => at + offsetMs(at) === wallMs).sort((a, b) => a - b);
    },
  };
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new CronError(`"${name}" is not a time zone`);
  }
}

function wallOf(format: Intl.DateTimeFormat, atMs: number): number {
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}
