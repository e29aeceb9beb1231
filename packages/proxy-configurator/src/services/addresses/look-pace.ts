/** When names are asked for again that lead nowhere. */
export interface LookPace {
  /** No sooner than this. */
  readonly leastMs: number;
  /** No later than this. */
  readonly mostMs: number;
  /** All such names together, at most. */
  readonly perSecond: number;
}

/** A task that took a minute to start is found 0.6 s after it at the latest, one that took ten seconds after 0.1 s. */
const SHARE_OF_WAIT = 0.01;

/** How long to wait before a name is asked for again that has led nowhere for so long, were it the only one. */
function pauseAlone(waitedMs: number, { leastMs, mostMs }: LookPace): number {
  return Math.min(mostMs, Math.max(leastMs, waitedMs * SHARE_OF_WAIT));
}

/**
 * How much longer all pauses have to be than those of a single name, from 1 up: a thousand services that are new must
 * not make the name servers work as hard as they can, while one that is new beside a thousand older ones is found soon.
 *
 * @param waitedMs of each name, how long it has led nowhere
 */
export function stretchOf(waitedMs: Iterable<number>, pace: LookPace): number {
  let perSecond = 0;
  for (const waited of waitedMs) perSecond += 1_000 / pauseAlone(waited, pace);
  return Math.max(1, perSecond / pace.perSecond);
}

/** How long to wait before a name is asked for again that has led nowhere for so long. */
export function pauseOfNowhere(waitedMs: number, stretch: number, pace: LookPace): number {
  return Math.min(pace.mostMs, pauseAlone(waitedMs, pace) * stretch);
}
