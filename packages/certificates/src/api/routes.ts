import type { Express, Request, RequestHandler, Response } from 'express';
import { NotFoundError } from '@docker-flow/daemon/errors';
import { queryOf, redirectUncleanPaths, sendJson } from '@docker-flow/daemon/http/app';
import { demandAuthorization } from '@docker-flow/daemon/http/authentication';
import { firstValues, type Parameters } from '@docker-flow/labels';
import { API, openApiDocument } from './openapi.js';
import type { Status } from './status.js';

export interface RouteDeps {
  /** A service is there or has changed; answers nothing that has to be waited for. */
  readonly reconfigure: (service: string, parameters: Parameters) => void;
  readonly remove: (service: string) => void;
  readonly status: () => Status;
  /** Orders now; the names of the certificates that this is about. */
  readonly renew: (wanted: {
    readonly service?: string;
    readonly certName?: string;
  }) => Promise<readonly string[]>;
}

/** Health checks ask for nothing. */
const OPEN = new Set(['/ping']);

/** Adds all routes. `token`: callers must show it. */
export function createRoutes(deps: RouteDeps, token: string | undefined): (app: Express) => void {
  return (app) => {
    app.use(redirectUncleanPaths);
    app.use(API, demandAuthorization({ token }, { realm: 'certificates', open: OPEN }));
    app.all(`${API}/ping`, (_request, response) => sendJson(response, 200, { Status: 'OK' }));
    app.all(`${API}/reconfigure`, (request, response) => {
      const parameters = parametersOf(request);
      withService(parameters, response, (service) => deps.reconfigure(service, parameters));
    });
    app.all(`${API}/remove`, (request, response) =>
      withService(parametersOf(request), response, (service) => deps.remove(service)),
    );
    app.get(`${API}/status`, (_request, response) => sendJson(response, 200, deps.status()));
    app.all(`${API}/renew`, renew(deps));
    app.get(`${API}/openapi.json`, (_request, response) => sendJson(response, 200, openApiDocument()));
  };
}

function parametersOf(request: Request): Parameters {
  return firstValues(queryOf(request));
}

function withService(parameters: Parameters, response: Response, work: (service: string) => void): void {
  const service = parameters['serviceName'] ?? '';
  if (service === '') {
    sendJson(response, 400, { Status: 'NOK', Message: 'serviceName is missing' });
    return;
  }
  work(service);
  sendJson(response, 200, { Status: 'OK', Message: '' });
}

function renew(deps: RouteDeps): RequestHandler {
  return async (request, response) => {
    if (request.method !== 'POST') {
      response.status(405).setHeader('Allow', 'POST').end();
      return;
    }
    const { service, certName } = parametersOf(request);
    const certificates = await deps.renew({
      ...(service === undefined ? {} : { service }),
      ...(certName === undefined ? {} : { certName }),
    });
    if (certificates.length === 0)
      throw new NotFoundError('no such certificate is wanted; expected service=… or certName=…');
    sendJson(response, 202, { Status: 'OK', Message: '', certificates });
  };
}
