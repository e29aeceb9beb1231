import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import { InvalidRequestError, NotFoundError } from '@docker-flow/daemon/errors';
import { queryOf, redirectUncleanPaths, sendJson } from '@docker-flow/daemon/http/app';
import { firstValues } from '@docker-flow/labels';
import { labelPage } from '../core/detail/label-page.js';
import { RANGES, type Range } from '../core/detail/timeline.js';
import type { Document } from '../core/changes/document.js';
import type { ServiceQuestions } from '../services/service-questions.js';
import type { ChangeStream } from './change-stream.js';
import { openApiDocument } from './openapi.js';
import type { Page } from './page-files.js';

export interface RouteDeps {
  readonly document: Pick<Document, 'whole'>;
  readonly events: ChangeStream;
  readonly questions: ServiceQuestions;
  readonly page: Page;
}

/** What can be asked for, below each prefix. */
export const ROUTES = [
  '/v1/ping',
  '/v1/state',
  '/v1/events',
  '/v1/services/:name',
  '/v1/services/:name/timeline',
  '/v1/labels/:name',
  '/v1/explain',
  '/v1/openapi.json',
] as const;

type Handler = (request: Request, response: Response) => void | Promise<void>;

/** Adds everything at the root and, when there is one, under the prefix too. Nothing changes anything. */
export function addRoutes(app: Express, prefix: string, deps: RouteDeps): void {
  app.use(redirectUncleanPaths);
  const handlers = createHandlers(deps);
  for (const base of new Set(['', prefix])) {
    const place = literalPath(base);
    for (const path of ROUTES) app.all(place + path, onlyGet, handlers[path] as RequestHandler);
    addPage(app, base, deps.page);
    if (base === '') continue;
    for (const common of ['/healthz', '/readyz', '/metrics'])
      app.get(place + common, (request, _response, next) => {
        request.url = request.url.slice(base.length);
        next();
      });
  }
}

function createHandlers({
  document,
  events,
  questions,
}: RouteDeps): Record<(typeof ROUTES)[number], Handler> {
  return {
    '/v1/ping': (_request, response) => void response.status(200).end(),
    '/v1/state': (_request, response) => sendJson(response, 200, document.whole().set),
    '/v1/events': (request, response) => events.connect(request, response, queryValue(request, 'since')),
    '/v1/services/:name': async (request, response) => {
      const detail = await questions.detail(nameOf(request));
      if (detail === undefined) throw new NotFoundError('No program knows a service of this name');
      sendJson(response, 200, detail);
    },
    '/v1/services/:name/timeline': async (request, response) => {
      const timeline = await questions.timeline(nameOf(request), rangeOf(queryValue(request, 'range')));
      sendJson(response, 200, timeline);
    },
    '/v1/labels/:name': (request, response) => {
      const page = labelPage(nameOf(request));
      if (page === undefined) throw new NotFoundError('No program of Docker Flow knows this label');
      sendJson(response, 200, page);
    },
    '/v1/explain': async (request, response) => {
      const host = queryValue(request, 'host') ?? '';
      const path = queryValue(request, 'path') ?? '/';
      sendJson(response, 200, await questions.explain({ host, path }));
    },
    '/v1/openapi.json': (_request, response) => sendJson(response, 200, openApiDocument()),
  };
}

function addPage(app: Express, base: string, { files, policy }: Page): void {
  for (const [name, { type, content, etag }] of files) {
    app.get(`${literalPath(base)}/${name}`, (request, response) => {
      response.setHeader('Content-Type', type);
      response.setHeader('Cache-Control', 'no-cache');
      response.setHeader('ETag', etag);
      response.setHeader('Content-Security-Policy', policy);
      response.setHeader('X-Content-Type-Options', 'nosniff');
      response.setHeader('Referrer-Policy', 'no-referrer');
      if (request.headers['if-none-match'] === etag) response.status(304).end();
      else response.end(content);
    });
  }
  if (base !== '') app.get(literalPath(base), (_request, response) => response.redirect(302, `${base}/`));
}

function nameOf(request: Request): string {
  return String(request.params['name']);
}

function queryValue(request: Request, name: string): string | undefined {
  return (firstValues(queryOf(request)) as Record<string, string | undefined>)[name];
}

/** @throws {InvalidRequestError} */
function rangeOf(text = '3600'): Range {
  const range = RANGES.find((one) => String(one) === text);
  if (range === undefined)
    throw new InvalidRequestError(`range is not one of ${RANGES.join(', ')} (seconds)`);
  return range;
}

/** The path for express, to which some characters mean something else. */
function literalPath(path: string): string {
  return path.replace(/[\\{}()[\]+?!:*]/g, '\\$&');
}

function onlyGet(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'GET' || request.method === 'HEAD') next();
  else response.status(405).setHeader('Allow', 'GET, HEAD').end();
}
