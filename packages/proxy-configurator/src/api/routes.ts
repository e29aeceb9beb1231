import type { Express, Request, RequestHandler, Response } from 'express';
import { messageOf } from '@docker-flow/daemon/errors';
import { redirectUncleanPaths, sendJson } from '@docker-flow/daemon/http/app';
import { demandAuthorization } from '@docker-flow/daemon/http/authentication';
import { handleAcme, type AcmeHandlersDeps } from './acme-handlers.js';
import type { ExplainedRequest, Explanation } from '../core/explain/explain.js';
import type { Peers } from '../replicas/peers.js';
import type { Fingerprints } from '../replicas/replica-sync.js';
import { createCertificateHandlers, type CertificateHandlersDeps } from './certificate-handlers.js';
import { API, openApiDocument } from './openapi.js';
import { flag, headersOf, parametersOf } from './query.js';
import { createServiceHandlers, sendOk, type ServiceHandlersDeps } from './service-handlers.js';

/** What replicas ask each other for. */
export const PEER_PATHS = {
  fingerprint: `${API}/fingerprint`,
  certificates: `${API}/certs`,
  acme: `${API}/acme`,
} as const;

/** Health checks and metrics tell nothing that is secret. */
const OPEN = new Set(['/ping', '/successfulinitreload', '/haproxy-metrics']);

export interface RoutesDeps extends ServiceHandlersDeps, CertificateHandlersDeps {
  readonly peers: Pick<Peers, 'addresses' | 'forward' | 'ask'>;
  readonly acme: AcmeHandlersDeps;
  /** Text of the live configuration without passwords. */
  readonly config: () => Promise<string | undefined>;
  /** Services by name, as the JSON configuration shows them. */
  readonly services: () => Readonly<Record<string, unknown>>;
  /** Whether a fetch from a listener has succeeded. */
  readonly hasFetched: () => boolean;
  /** HAProxy's statistics as CSV. */
  readonly statistics: () => Promise<string>;
  /** HAProxy's own exporter, and which service each backend belongs to. */
  readonly exporter: () => Promise<string>;
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
  readonly status: () => unknown;
  readonly explain: (request: ExplainedRequest) => Explanation;
  /** What replicas compare with each other. */
  readonly fingerprints: () => Promise<Fingerprints>;
  /** The reason why no configuration is in force, and the services that are rejected. */
  readonly readiness: () => Promise<{
    readonly problem: string | undefined;
    readonly rejected: readonly string[];
  }>;
}

export interface RoutesOptions {
  /** The port a request arrives on unless the caller of `explain` says another. */
  readonly defaultPort: number;
  /** Callers must show it; absent: everybody may call. */
  readonly token: string | undefined;
}

/** The API of the original, plus a status, HAProxy's exporter and a description of it all. */
export function addRoutes(app: Express, deps: RoutesDeps, { defaultPort, token }: RoutesOptions): void {
  const services = createServiceHandlers(deps);
  const certificates = createCertificateHandlers(deps);
  app.use(redirectUncleanPaths, withoutTrailingSlash);
  app.use(API, demandAuthorization({ token }, { realm: 'proxy', open: OPEN }));
  const any = (path: string, handle: (request: Request, response: Response) => Promise<void> | void) =>
    app.all(path, (request, response) => handle(request, response));

  any(`${API}/reconfigure`, (request, response) => services.reconfigure(request, response));
  any(`${API}/remove`, (request, response) => services.remove(request, response));
  any(`${API}/reload`, (request, response) => services.reload(request, response));
  any(`${API}/config`, async (request, response) => {
    if (parametersOf(request)['type']?.toLowerCase() === 'json') {
      sendJson(response, 200, deps.services());
      return;
    }
    const text = await deps.config();
    sendPlain(response, text === undefined ? 500 : 200, text ?? '');
  });
  any(`${API}/cert`, (request, response) => certificates.one(request, response));
  any(`${API}/acme`, (request, response) => handleAcme(deps.acme, request, response));
  any(`${API}/certs`, (request, response) => certificates.list(request, response));
  any(`${API}/metrics`, async (request, response) => {
    const distribute = flag(parametersOf(request), 'distribute');
    try {
      const own = await deps.statistics();
      const others = distribute ? await deps.peers.ask(`${API}/metrics?distribute=false`) : [];
      sendPlain(response, 200, [own, ...others].join(''));
    } catch (error) {
      sendPlain(response, 500, messageOf(error));
    }
  });
  any(`${API}/haproxy-metrics`, async (_request, response) => {
    sendPlain(response, 200, await deps.exporter());
  });
  any('/metrics', async (_request, response) => {
    const { text, contentType } = await deps.metrics();
    response.status(200).setHeader('Content-Type', contentType).end(text);
  });
  any('/readyz', async (_request, response) => {
    const { problem, rejected } = await deps.readiness();
    if (problem === undefined) sendJson(response, 200, { status: 'OK', rejected });
    else sendJson(response, 503, { code: 'not_ready', message: problem, rejected });
  });
  any(`${API}/fingerprint`, async (_request, response) => {
    sendJson(response, 200, await deps.fingerprints());
  });
  any(`${API}/explain`, (request, response) => {
    const { host = '', path = '/', port } = parametersOf(request);
    const asked = { host, path, port: Number(port) || defaultPort, headers: headersOf(request) };
    sendJson(response, 200, deps.explain(asked));
  });
  any(`${API}/openapi.json`, (_request, response) => sendJson(response, 200, openApiDocument()));
  any(`${API}/status`, (_request, response) => sendJson(response, 200, deps.status()));
  any(`${API}/ping`, (_request, response) => sendOk(response));
  any(`${API}/successfulinitreload`, (_request, response) => {
    response.status(deps.hasFetched() ? 200 : 500).end();
  });
  any('/v1/test', (_request, response) => sendOk(response, 'Test v1'));
  any('/v2/test', (_request, response) => sendOk(response, 'Test v2'));
}

/** 301 from a path with a slash at its end to the one without. */
const withoutTrailingSlash: RequestHandler = (request, response, next) => {
  if (request.path.length < 2 || !request.path.endsWith('/')) {
    next();
    return;
  }
  const query = request.originalUrl.slice(request.originalUrl.split('?')[0]?.length);
  response
    .status(301)
    .setHeader('Location', `${request.path.replace(/\/+$/, '')}${query}`)
    .end();
};

function sendPlain(response: Response, status: number, text: string): void {
  // Labels are part of some of these texts: no browser may take one for a page.
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.status(status).setHeader('Content-Type', 'text/plain; charset=utf-8').end(text);
}
