import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import { NotFoundError } from '@docker-flow/daemon/errors';
import { queryOf, redirectUncleanPaths, sendJson } from '@docker-flow/daemon/http/app';
import type { EventStream } from '@docker-flow/daemon/http/event-stream';
import { firstValues } from '@docker-flow/labels';
import { showTargetShortcuts } from '../core/autoscaling/shortcuts/show-target-shortcuts.js';
import type { ServiceDetails } from '../services/service-details.js';
import type { ServiceList } from '../services/service-list.js';
import type { State } from '../state/state.js';
import { chooseActivities, showActivity } from './activities.js';
import type { Access } from './authentication.js';
import { changeHandlers, type ChangeRequest } from './change-handlers.js';
import type { EndpointResult } from './endpoint-result.js';
import { openApiDocument } from './openapi.js';

export interface RoutesOptions {
  /** Empty, or a path under which every route exists as well. */
  readonly prefix: string;
}

export interface RoutesDeps {
  readonly access: Access;
  readonly endpoints: Endpoints;
  readonly state: State;
  readonly list: ServiceList;
  readonly details: ServiceDetails;
  readonly events: EventStream;
  /** What `GET /v1/status` says beside readiness. */
  readonly status: () => object;
  /** Why the program cannot do its work, if it cannot. */
  readonly notReady: () => Promise<string | undefined>;
  /** Hears of every request that would change something. */
  readonly onRequest: (endpoint: string, result: string) => void;
}

/** What the changing endpoints do. */
export interface Endpoints {
  scaleService(request: ChangeRequest): Promise<EndpointResult>;
  /** Absent without a node backend: the route then does not exist. */
  readonly scaleNodes: ((request: ChangeRequest) => Promise<EndpointResult>) | undefined;
  rescheduleServices(request: ChangeRequest): Promise<EndpointResult>;
  rescheduleService(request: ChangeRequest, service: string): Promise<EndpointResult>;
  job(request: ChangeRequest): Promise<EndpointResult>;
}

/** Adds every route of the API without prefix and, when there is one, under the prefix too. */
export function addRoutes(app: Express, { prefix }: RoutesOptions, deps: RoutesDeps): void {
  app.use(redirectUncleanPaths);
  for (const base of new Set(['', prefix])) {
    addChangeRoutes(app, base, deps);
    addReadRoutes(app, base, deps);
  }
}

interface ChangeRoute {
  readonly path: string;
  /** For metrics. */
  readonly name: string;
  readonly work: (request: ChangeRequest) => Promise<EndpointResult>;
  /** Instead of what `Authorization` says. */
  readonly mayChange?: (request: Request) => boolean;
  /** A route that exists for some requests only. */
  readonly exists?: (request: Request) => boolean;
}

function addChangeRoutes(app: Express, base: string, deps: RoutesDeps): void {
  for (const { path, name, work, mayChange, exists = () => true } of changeRoutes(deps)) {
    app.all(
      literalPath(base + path),
      (request, _response, next) => next(exists(request) ? undefined : 'route'),
      onlyPost,
      ...changeHandlers({
        base,
        mayChange: mayChange ?? ((request) => deps.access.mayChange(request)),
        work,
        onResult: (result) => deps.onRequest(name, result),
      }),
    );
  }
}

function changeRoutes({ access, endpoints }: RoutesDeps): readonly ChangeRoute[] {
  const { scaleNodes } = endpoints;
  return [
    {
      path: '/v1/scale-service',
      name: 'scale-service',
      work: (request) => endpoints.scaleService(request),
    },
    ...(scaleNodes ? [{ path: '/v1/scale-nodes', name: 'scale-nodes', work: scaleNodes }] : []),
    {
      path: '/v1/reschedule-services',
      name: 'reschedule-services',
      work: (request) => endpoints.rescheduleServices(request),
    },
    {
      path: '/v1/reschedule-service',
      name: 'reschedule-service',
      // As in the original, which knows no such path without the parameter.
      exists: (request) => firstValues(queryOf(request))['service'] !== undefined,
      work: (request) => endpoints.rescheduleService(request, firstValues(request.query)['service'] ?? ''),
    },
    {
      path: '/job/service-scale/buildWithParameters',
      name: 'job',
      mayChange: (request) => access.mayRunJob(request, firstValues(queryOf(request))['token']),
      work: (request) => endpoints.job(request),
    },
  ];
}

/** Routes that change nothing: open to everybody who can reach the port. */
function addReadRoutes(app: Express, base: string, deps: RoutesDeps): void {
  const { state, list, events, status, notReady } = deps;

  function get(path: string, handler: RequestHandler<Record<string, string>>): void {
    app.all(literalPath(base) + path, onlyGet, handler as RequestHandler);
  }

  get('/v1/ping', (_request, response) => response.status(200).end());
  get('/v1/services', async (_request, response) => {
    await list.refresh();
    sendJson(response, 200, { services: list.views() });
  });
  get('/v1/services/:name', async (request, response) => {
    sendJson(response, 200, await deps.details.of(request.params['name'] ?? ''));
  });
  get('/v1/replicas', async (_request, response) => {
    await list.refresh();
    sendJson(response, 200, { replicas: list.series() });
  });
  get('/v1/counts', async (_request, response) => {
    await list.refresh();
    sendJson(response, 200, { counts: list.counts() });
  });
  get('/v1/openapi.json', (_request, response) => sendJson(response, 200, openApiDocument()));
  get('/v1/metrics-shortcuts', (_request, response) => {
    sendJson(response, 200, { shortcuts: showTargetShortcuts() });
  });
  get('/v1/activities', (request, response) => {
    const activities = chooseActivities(state.activities(), queryOf(request));
    sendJson(response, 200, { activities: activities.map(showActivity) });
  });
  get('/v1/activities/:id', (request, response) => {
    const activity = state.activities().find(({ id }) => id === request.params['id']);
    if (activity === undefined) throw new NotFoundError('There is no such activity, or it is too old');
    sendJson(response, 200, showActivity(activity));
  });
  get('/v1/status', async (_request, response) => {
    const reason = await notReady();
    sendJson(response, 200, {
      ready: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      ...status(),
    });
  });
  get('/v1/events', (request, response) => events.connect(request, response));
  get('/readyz', async (_request, response) => {
    const reason = await notReady();
    if (reason === undefined) sendJson(response, 200, { status: 'OK' });
    else sendJson(response, 503, { code: 'not_ready', message: reason });
  });
  for (const common of ['/healthz', '/metrics']) {
    get(common, (request, _response, next) => {
      request.url = request.url.slice(base.length);
      next();
    });
  }
}

/** The path for express, to which some characters mean something else. */
export function literalPath(path: string): string {
  return path.replace(/[\\{}()[\]+?!:*]/g, '\\$&');
}

function onlyPost(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'POST') next();
  else response.status(405).setHeader('Allow', 'POST').end();
}

/** HEAD is a GET without its body. */
function onlyGet(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'GET' || request.method === 'HEAD') next();
  else response.status(405).setHeader('Allow', 'GET, HEAD').end();
}
