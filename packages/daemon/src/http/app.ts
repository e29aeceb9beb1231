import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Registry } from 'prom-client';
import { decodeQuery, type QueryPair } from '@docker-flow/labels';
import { AppError } from '../errors.js';
import type { Logger } from '../log/logger.js';

export interface HttpAppOptions {
  readonly logger: Logger;
  readonly registry: Registry;
  /** The reason why the program cannot do its work now, or `undefined` when it can. */
  readonly notReady?: () => string | undefined;
  /** Adds the program's own routes. They come first, so they may take over `/metrics`. */
  readonly routes: (app: Express) => void;
}

/**
 * An express app with the program's routes, then `/healthz` (the process lives), `/readyz` (it can do
 * its work), `/metrics`, plain 404s and one error handler. Paths are exact and case sensitive.
 */
export function createHttpApp({ logger, registry, notReady, routes }: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.enable('case sensitive routing');
  app.set('query parser', false);
  // Without a parser it is always empty: who looks there would never hear of a parameter, and nobody of that.
  Object.defineProperty(app.request, 'query', {
    get() {
      throw new TypeError('the query of a request is what queryOf answers');
    },
  });
  app.use((_request, response, next) => {
    // A browser must not take one kind of answer for another.
    response.setHeader('X-Content-Type-Options', 'nosniff');
    next();
  });
  routes(app);
  app.get('/healthz', (_request, response) => sendJson(response, 200, { status: 'OK' }));
  app.get('/readyz', (_request, response) => {
    const reason = notReady?.();
    if (reason === undefined) sendJson(response, 200, { status: 'OK' });
    else sendJson(response, 503, { code: 'not_ready', message: reason });
  });
  app.get('/metrics', async (_request, response) => {
    const text = await registry.metrics();
    response.status(200).setHeader('Content-Type', registry.contentType).end(text);
  });
  app.use((_request, response) => sendText(response, 404, '404 page not found'));
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    answerError(error, request, response, logger);
  });
  return app;
}

function answerError(error: unknown, request: Request, response: Response, logger: Logger): void {
  if (error instanceof AppError) {
    sendJson(response, error.status, {
      code: error.code,
      message: error.message,
      ...(error.details === undefined ? {} : { details: error.details }),
    });
    return;
  }
  // body-parser and the router mark their own refusals with a status below 500.
  const { status } = (error ?? {}) as { status?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) {
    sendJson(response, status, {
      code: 'invalid_request',
      message: error instanceof Error ? error.message : 'bad request',
    });
    return;
  }
  logger.error('Request failed', { err: error, method: request.method, path: request.path });
  sendJson(response, 500, { code: 'internal', message: 'internal error' });
}

/** `application/json` without charset, as clients of the original programs expect. */
export function sendJson(response: Response, status: number, body: unknown): void {
  response.status(status).setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}

export function sendText(response: Response, status: number, text: string): void {
  response.status(status).setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(text);
}

/** The query of a request by the rules of the wire contract, in the order of the text. */
export function queryOf(request: Request): readonly QueryPair[] {
  const at = request.originalUrl.indexOf('?');
  return at < 0 ? [] : decodeQuery(request.originalUrl.slice(at + 1));
}

/**
 * Middleware: 301 from a path with doubled slashes or dot segments to its clean form, query kept
 * (what Go's ServeMux does, and clients of the originals rely on).
 */
export function redirectUncleanPaths(request: Request, response: Response, next: NextFunction): void {
  const clean = cleanPath(request.path);
  if (clean === request.path) {
    next();
    return;
  }
  const at = request.originalUrl.indexOf('?');
  response.status(301).setHeader('Location', at < 0 ? clean : clean + request.originalUrl.slice(at));
  response.end();
}

function cleanPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') kept.pop();
    else kept.push(segment);
  }
  const trailing = path.length > 1 && /\/\.{0,2}$/.test(path) && kept.length > 0 ? '/' : '';
  return `/${kept.join('/')}${trailing}`;
}
