import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { queryOf, redirectUncleanPaths, sendJson } from '@docker-flow/daemon/http/app';
import type { QueryPair } from '@docker-flow/labels';
import type { Access } from './authentication.js';
import { refused, type Answer } from './answer.js';
import { readDryRun } from './scale-request.js';

/** What a changing endpoint gets to see of a request. */
export interface ChangeRequest {
  readonly query: readonly QueryPair[];
  readonly body: string;
  /** Of the caller. */
  readonly address: string;
  /** The path under which it was asked: empty, or the prefix. */
  readonly base: string;
}

export interface RouteParts {
  readonly prefix: string;
  readonly access: Access;
  readonly endpoints: Endpoints;
  /** Why the program cannot do its work, if it cannot. */
  readonly notReady: () => Promise<string | undefined>;
  readonly onRequest: (endpoint: string, result: string) => void;
  /** Further routes under each base path: the JSON API and the page. */
  readonly readRoutes: (app: Express, base: string) => void;
}

/** What the changing endpoints do. */
export interface Endpoints {
  scaleService(request: ChangeRequest): Promise<Answer>;
  /** Absent without a node backend: the route then does not exist. */
  readonly scaleNodes: ((request: ChangeRequest) => Promise<Answer>) | undefined;
  rescheduleServices(request: ChangeRequest): Promise<Answer>;
  rescheduleService(request: ChangeRequest, service: string): Promise<Answer>;
  job(request: ChangeRequest): Promise<Answer>;
}

/** A webhook of thousands of alerts fits. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** Adds every route without prefix and, when there is one, under the prefix too. */
export function addRoutes(app: Express, parts: RouteParts): void {
  app.use(redirectUncleanPaths);
  for (const base of new Set(['', parts.prefix])) addRoutesUnder(app, base, parts);
}

interface Change {
  /** For metrics. */
  readonly name: string;
  readonly work: (request: ChangeRequest) => Promise<Answer>;
  /** Instead of what `Authorization` says. */
  readonly mayChange?: (request: Request) => boolean;
  /** A path that exists for some requests only. */
  readonly exists?: (request: Request) => boolean;
}

function addRoutesUnder(app: Express, base: string, parts: RouteParts): void {
  const { access, endpoints, onRequest } = parts;
  const path = literalPath(base);

  function change(route: string, { name, work, mayChange, exists = () => true }: Change): void {
    app.all(
      `${path}${route}`,
      (request, _response, next) => next(exists(request) ? undefined : 'route'),
      onlyPost,
      (request, response, next) => {
        if (mayChange ? mayChange(request) : access.mayChange(request)) next();
        else {
          onRequest(name, 'unauthorised');
          refuse(response);
        }
      },
      readBody,
      async (request, response) => {
        const asked = changeRequest(request, base);
        const answer = readDryRun(asked.query) === undefined ? UNREADABLE_DRY_RUN : await work(asked);
        onRequest(name, answer.result);
        sendAnswer(response, answer);
      },
    );
  }

  app.all(`${path}/v1/ping`, onlyGet, (_request, response) => {
    response.status(200).end();
  });
  change('/v1/scale-service', {
    name: 'scale-service',
    work: (request) => endpoints.scaleService(request),
  });
  if (endpoints.scaleNodes) change('/v1/scale-nodes', { name: 'scale-nodes', work: endpoints.scaleNodes });
  change('/v1/reschedule-services', {
    name: 'reschedule-services',
    work: (request) => endpoints.rescheduleServices(request),
  });
  change('/v1/reschedule-service', {
    name: 'reschedule-service',
    exists: (request) => parameter(queryOf(request), 'service') !== undefined,
    work: (request) => endpoints.rescheduleService(request, parameter(request.query, 'service') ?? ''),
  });
  change('/job/service-scale/buildWithParameters', {
    name: 'job',
    mayChange: (request) => access.mayRunJob(request, parameter(queryOf(request), 'token')),
    work: (request) => endpoints.job(request),
  });
  app.all(`${path}/readyz`, onlyGet, async (_request, response) => {
    const reason = await parts.notReady();
    if (reason === undefined) sendJson(response, 200, { status: 'OK' });
    else sendJson(response, 503, { code: 'not_ready', message: reason });
  });
  for (const common of ['/healthz', '/metrics']) {
    app.all(`${path}${common}`, onlyGet, (request, _response, next) => {
      request.url = request.url.slice(base.length);
      next();
    });
  }
  parts.readRoutes(app, base);
}

/** A slip in `dryRun=true` would change what its author only wanted to know. */
const UNREADABLE_DRY_RUN = refused('Incorrect dryRun in request, expected true or false');

/** The path for express, to which some characters mean something else. */
export function literalPath(path: string): string {
  return path.replace(/[\\{}()[\]+?!:*]/g, '\\$&');
}

function onlyPost(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'POST') next();
  else response.status(405).setHeader('Allow', 'POST').end();
}

/** HEAD is a GET without its body. */
export function onlyGet(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'GET' || request.method === 'HEAD') next();
  else response.status(405).setHeader('Allow', 'GET, HEAD').end();
}

function refuse(response: Response): void {
  response.setHeader('WWW-Authenticate', 'Bearer realm="scaler"');
  sendJson(response, 401, { status: 'NOK', message: 'A valid token is needed to change anything' });
}

const raw = express.raw({ type: () => true, limit: BODY_LIMIT_BYTES });

/** The body as bytes, whatever its content type says. */
const readBody: RequestHandler = (request, response, next) => {
  raw(request, response, (error?: unknown) => {
    if (error === undefined || error === null) next();
    else if ((error as { status?: unknown }).status === 413) {
      sendJson(response, 413, {
        status: 'NOK',
        message: `The body is larger than ${BODY_LIMIT_BYTES} bytes`,
      });
    } else sendJson(response, 400, { status: 'NOK', message: 'Unable to recognize POST body' });
  });
};

function changeRequest(request: Request, base: string): ChangeRequest {
  const body: unknown = request.body;
  return {
    query: queryOf(request),
    body: Buffer.isBuffer(body) ? body.toString('utf8') : '',
    base,
    address: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  };
}

/** Of repeated parameters the first counts. */
function parameter(query: readonly QueryPair[], wanted: string): string | undefined {
  return query.find(([name]) => name === wanted)?.[1];
}

function sendAnswer(response: Response, answer: Answer): void {
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  sendJson(response, answer.httpStatus, { status: answer.ok ? 'OK' : 'NOK', message: answer.message });
}
