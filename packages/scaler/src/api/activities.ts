import { firstValues, type QueryPair } from '@docker-flow/labels';
import type { Activity } from '../core/activity.js';

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 10_000;

/** Newest first. `service`, `outcome` and `limit` of the query choose. */
export function chooseActivities(
  activities: readonly Activity[],
  query: readonly QueryPair[],
): readonly Activity[] {
  const { service, outcome, limit = '' } = firstValues(query) as Record<string, string | undefined>;
  const most = /^[0-9]{1,6}$/.test(limit) ? Math.min(LARGEST_LIMIT, Number(limit)) : DEFAULT_LIMIT;
  return activities
    .filter(
      (one) =>
        (service === undefined || one.service === service) &&
        (outcome === undefined || one.outcome === outcome),
    )
    .slice(-most || Infinity)
    .reverse();
}

/** With times as ISO texts beside the milliseconds. */
export function showActivity(
  activity: Activity,
): Activity & { readonly at: string; readonly lastAt: string } {
  return {
    ...activity,
    at: new Date(activity.atMs).toISOString(),
    lastAt: new Date(activity.lastAtMs).toISOString(),
  };
}
