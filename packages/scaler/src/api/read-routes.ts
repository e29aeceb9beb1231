import type { Express, Request } from 'express';
import { NotFoundError } from '@docker-flow/daemon/errors';
import { sendJson, queryOf } from '@docker-flow/daemon/http/app';
import { firstValues } from '@docker-flow/labels';
import type { Activity } from '../core/activity.js';
import { literalPath, onlyGet } from './routes.js';
import type { ServiceList } from '../services/service-list.js';
import type { State } from '../services/state.js';

export interface ReadParts {
  readonly state: State;
  readonly list: ServiceList;
  /** What `GET /v1/status` says beside the counts. */
  readonly status: () => object;
  /** Why the program cannot do its work, if it cannot. */
  readonly notReady: () => Promise<string | undefined>;
}

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 10_000;

/** The JSON API that changes nothing: open to everybody who can reach the port. */
export function addReadRoutes(
  app: Express,
  base: string,
  { state, list, status, notReady }: ReadParts,
): void {
  const path = literalPath(base);
  app.all(`${path}/v1/services`, onlyGet, async (_request, response) => {
    await list.refresh();
    sendJson(response, 200, { services: list.views() });
  });
  app.all(`${path}/v1/replicas`, onlyGet, async (_request, response) => {
    await list.refresh();
    sendJson(response, 200, { replicas: list.series() });
  });
  app.all(`${path}/v1/activities`, onlyGet, (request, response) => {
    sendJson(response, 200, { activities: chosenActivities(request, state).map(showActivity) });
  });
  app.all(`${path}/v1/activities/:id`, onlyGet, (request, response) => {
    const activity = state.activities().find(({ id }) => id === request.params['id']);
    if (activity === undefined) throw new NotFoundError('There is no such activity, or it is too old');
    sendJson(response, 200, showActivity(activity));
  });
  app.all(`${path}/v1/status`, onlyGet, async (_request, response) => {
    const reason = await notReady();
    sendJson(response, 200, {
      ready: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      ...status(),
    });
  });
}

/** Newest first. `service`, `outcome` and `limit` choose. */
function chosenActivities(request: Request, state: State): readonly Activity[] {
  const {
    service,
    outcome,
    limit = '',
  } = firstValues(queryOf(request)) as Record<string, string | undefined>;
  const most = /^[0-9]{1,6}$/.test(limit) ? Math.min(LARGEST_LIMIT, Number(limit)) : DEFAULT_LIMIT;
  return state
    .activities()
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
