import { z } from 'zod/v3';

/**
 * `scaled`, `held` (asked, but the count stays) and `failed` answer requests; `restored` undoes a deploy's
 * reset, `raised` enforces a minimum, `noticed` is what somebody else did.
 */
const OUTCOMES = [
  'scaled',
  'held',
  'failed',
  'restored',
  'raised',
  'noticed',
  'rescheduled',
  'nodes',
] as const;

/** One thing the scaler did, decided or noticed, as people see it on the page and in the API. */
export const Activity = z.object({
  id: z.string(),
  atMs: z.number(),
  /** The service's real name where it is known, or `worker nodes`, or `all labelled services`. */
  service: z.string(),
  outcome: z.enum(OUTCOMES),
  /** Who asked: `Alertmanager receiver scale, alert resptimeabove`, `request from 10.0.0.3`, `docker stack deploy`. */
  asker: z.string(),
  /** What was asked for: `scale up by 1`. */
  request: z.string(),
  /** What was decided or happened, the message of the answer. */
  message: z.string(),
  /** Which bound, label or window decided. */
  explanation: z.string(),
  /** Counts before and after, where there are any. */
  from: z.number().optional(),
  to: z.number().optional(),
  /** How long it took until as many tasks ran as were wanted. */
  convergedAfterMs: z.number().optional(),
  /** The same answer to the same asker again and again is one activity: how often, and when last. */
  times: z.number(),
  lastAtMs: z.number(),
});
export type Activity = Readonly<z.infer<typeof Activity>>;

export type NewActivity = Omit<Activity, 'id' | 'times' | 'lastAtMs' | 'convergedAfterMs'>;

export interface ActivityLimits {
  readonly count: number;
  readonly ageMs: number;
}

/** Nothing was changed by these: their repetitions are counted instead of listed. */
const COUNTED = new Set<Activity['outcome']>(['held', 'failed']);

/**
 * Oldest first, with one more activity, inside the limits. `added` is the new activity, or the older one
 * of the same service that it repeats.
 */
export function addActivity(
  activities: readonly Activity[],
  activity: NewActivity,
  id: string,
  limits: ActivityLimits,
): { readonly activities: readonly Activity[]; readonly added: Activity } {
  const last = activities.findLast((one) => one.service === activity.service);
  if (last !== undefined && isRepetition(last, activity)) {
    const added = { ...last, times: last.times + 1, lastAtMs: activity.atMs };
    return { activities: activities.map((one) => (one === last ? added : one)), added };
  }
  const added: Activity = { ...activity, id, times: 1, lastAtMs: activity.atMs };
  return { activities: boundActivities([...activities, added], limits, activity.atMs), added };
}

function isRepetition(last: Activity, next: NewActivity): boolean {
  return (
    COUNTED.has(next.outcome) &&
    last.outcome === next.outcome &&
    last.asker === next.asker &&
    last.request === next.request &&
    withoutNumbers(last.message) === withoutNumbers(next.message)
  );
}

/** Remaining seconds differ from answer to answer. */
function withoutNumbers(message: string): string {
  return message.replace(/[0-9]+ seconds?/g, 'n seconds');
}

/** Drops what is too old or too much. */
export function boundActivities(
  activities: readonly Activity[],
  { count, ageMs }: ActivityLimits,
  nowMs: number,
): readonly Activity[] {
  return activities.filter((one) => one.lastAtMs > nowMs - ageMs).slice(-count);
}
