import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { queryOf, redirectUncleanPaths, sendJson } from '@docker-flow/daemon';
import type { QueryPair } from '@docker-flow/labels';
import type { Access } from './http-access.js';
import type { Answer } from './answer.js';

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
  readonly job: (request: ChangeRequest) => { readonly token: string | undefined; run(): Promise<Answer> };
}

/** A webhook of thousands of alerts fits. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** Adds every route without prefix and, when there is one, under the prefix too. */
export function addRoutes(app: Express, parts: RouteParts): void {
  app.use(redirectUncleanPaths);
  for (const base of new Set(['', parts.prefix])) addRoutesUnder(app, base, parts);
}

function addRoutesUnder(app: Express, base: string, parts: RouteParts): void {
  const { access, endpoints, onRequest } = parts;

  function change(path: string, name: string, work: (request: ChangeRequest) => Promise<Answer>): void {
    app.all(`${base}${path}`, onlyPost, authorised, readBody, async (request, response) => {
      await answer(response, name, () => work(changeRequest(request, base)));
    });
  }

  async function answer(response: Response, name: string, work: () => Promise<Answer>): Promise<void> {
    const result = await work();
    onRequest(name, result.result);
    sendAnswer(response, result);
  }

  function authorised(request: Request, response: Response, next: NextFunction): void {
    if (access.mayChange(request)) next();
    else refuse(response);
  }

  app.all(`${base}/v1/ping`, (request, response) => {
    response.status(request.method === 'GET' || request.method === 'HEAD' ? 200 : 405).end();
  });
  change('/v1/scale-service', 'scale-service', (request) => endpoints.scaleService(request));
  if (endpoints.scaleNodes) change('/v1/scale-nodes', 'scale-nodes', endpoints.scaleNodes);
  change('/v1/reschedule-services', 'reschedule-services', (request) =>
    endpoints.rescheduleServices(request),
  );
  app.all(
    `${base}/v1/reschedule-service`,
    // Without the parameter the route does not exist, whatever the method.
    (request, _response, next) => next(serviceParameter(request) === undefined ? 'route' : undefined),
    onlyPost,
    authorised,
    readBody,
    async (request, response) => {
      const service = serviceParameter(request) ?? '';
      await answer(response, 'reschedule-service', () =>
        endpoints.rescheduleService(changeRequest(request, base), service),
      );
    },
  );
  app.all(`${base}/job/service-scale/buildWithParameters`, onlyPost, readBody, async (request, response) => {
    const job = endpoints.job(changeRequest(request, base));
    if (access.mayRunJob(request, job.token)) await answer(response, 'job', () => job.run());
    else refuse(response);
  });
  app.get(`${base}/readyz`, async (_request, response) => {
    const reason = await parts.notReady();
    if (reason === undefined) sendJson(response, 200, { status: 'OK' });
    else sendJson(response, 503, { code: 'not_ready', message: reason });
  });
  parts.readRoutes(app, base);
}

function onlyPost(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'POST') next();
  else response.status(405).setHeader('Allow', 'POST').end();
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

function serviceParameter(request: Request): string | undefined {
  return queryOf(request).find(([name]) => name === 'service')?.[1];
}

function sendAnswer(response: Response, answer: Answer): void {
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  sendJson(response, answer.httpStatus, { status: answer.ok ? 'OK' : 'NOK', message: answer.message });
}
