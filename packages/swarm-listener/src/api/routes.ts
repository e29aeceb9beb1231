import type { Express, Request, RequestHandler, Response } from 'express';
import { messageOf } from '@docker-flow/daemon/errors';
import { queryOf, redirectUncleanPaths, sendJson } from '@docker-flow/daemon/http/app';
import { demandAuthorization, isAuthorized } from '@docker-flow/daemon/http/authentication';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { firstValues } from '@docker-flow/labels';
import { BASE, openApiDocument } from './openapi.js';
import type { Readiness } from './readiness.js';
import type { ServiceSnapshots, Snapshot } from './snapshot.js';
import type { Status } from './status.js';

export interface RouteDeps {
  /** @throws {UpstreamError} */
  readonly services: () => Promise<ServiceSnapshots>;
  /** @throws {UpstreamError} */
  readonly nodes: () => Promise<Snapshot>;
  readonly onFailure: (operation: 'serveGetServices' | 'serveGetNodes') => void;
  /** Send everything again, afterwards. */
  readonly resend: () => void;
  readonly readiness: () => Readiness;
  readonly status: () => Status;
  /** What callers show who may see secrets and have everything sent again; absent: everybody may. */
  readonly apiToken: string | undefined;
  readonly logger: Logger;
}

/** The HTTP interface: any method, exact paths. */
export function createRoutes(deps: RouteDeps): (app: Express) => void {
  const secrets = { token: deps.apiToken };
  const demandToken = demandAuthorization(secrets, { realm: 'swarm-listener' });

  /** Whoever shows a token that is wrong shall know, rather than take masked values for real ones. */
  const demandNoWrongToken: RequestHandler = (request, response, next) => {
    if (request.headers.authorization === undefined) next();
    else demandToken(request, response, next);
  };

  async function take(request: Request, operation: 'serveGetServices' | 'serveGetNodes'): Promise<Snapshot> {
    if (operation === 'serveGetNodes') return deps.nodes();
    const { whole, masked, complete } = await deps.services();
    const mayRead = isAuthorized(request.headers.authorization, secrets);
    const { notRunning } = firstValues(queryOf(request));
    if (notRunning === 'true') return complete(mayRead ? 'whole' : 'masked');
    return mayRead ? whole : masked();
  }

  async function list(
    request: Request,
    response: Response,
    operation: 'serveGetServices' | 'serveGetNodes',
  ): Promise<void> {
    try {
      answer(request, response, await take(request, operation));
    } catch (error) {
      deps.onFailure(operation);
      deps.logger.error('Docker could not be asked for a list', { operation, reason: messageOf(error) });
      sendJson(response, 500, []);
    }
  }

  return (app) => {
    app.use(redirectUncleanPaths);
    app.all(`${BASE}/ping`, (_request, response) => sendJson(response, 200, { Status: 'OK' }));
    app.all(`${BASE}/notify-services`, demandToken, (_request, response) => {
      sendJson(response, 200, { Status: 'OK' });
      deps.resend();
    });
    app.all(`${BASE}/get-services`, demandNoWrongToken, (request, response) =>
      list(request, response, 'serveGetServices'),
    );
    app.all(`${BASE}/get-nodes`, (request, response) => list(request, response, 'serveGetNodes'));
    app.all(`${BASE}/openapi.json`, (_request, response) => sendJson(response, 200, openApiDocument()));
    app.all(`${BASE}/status`, (_request, response) => sendJson(response, 200, deps.status()));
    for (const path of [`${BASE}/ready`, '/readyz'])
      app.all(path, (_request, response) => {
        const readiness = deps.readiness();
        sendJson(response, readiness.ready ? 200 : 503, readiness);
      });
  };
}

/** 304 when the caller has this very answer; a 304 has no body. */
function answer(request: Request, response: Response, { body, etag }: Snapshot): void {
  response.setHeader('ETag', etag);
  response.setHeader('Cache-Control', 'no-cache');
  const conditional = request.method === 'GET' || request.method === 'HEAD';
  if (conditional && hasTag(request.headers['if-none-match'], etag)) {
    response.status(304).end();
    return;
  }
  response.status(200).setHeader('Content-Type', 'application/json');
  response.end(body());
}

/** `If-None-Match` holds a list of tags or `*`; a proxy on the way may have made ours weak. */
function hasTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
