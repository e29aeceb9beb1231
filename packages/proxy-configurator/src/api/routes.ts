import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { messageOf } from '@docker-flow/daemon/errors';
import { queryOf, redirectUncleanPaths, sendJson } from '@docker-flow/daemon/http/app';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { firstValues, readBoolean, type Parameters } from '@docker-flow/labels';
import { demandToken } from './authentication.js';
import type { Certificates } from '../certificates/certificates.js';
import { emptyService, serviceAnswer } from './service-json.js';
import type { ExplainedRequest, Explanation } from '../core/explain/explain.js';
import { API, openApiDocument } from './openapi.js';
import type { Peers } from '../replicas/peers.js';
import type { Answer, Proxy } from '../services/service-requests.js';
import type { Fingerprints } from '../replicas/replica-sync.js';

const BASE = API;
/** What replicas ask each other for. */
export const PEER_PATHS = { fingerprint: `${BASE}/fingerprint`, certificates: `${BASE}/certs` } as const;
const DISTRIBUTED = 'Distributed to all instances';
const MAX_BODY = '2mb';

export interface RouteParts {
  readonly proxy: Proxy;
  readonly peers: Peers;
  readonly certificates: Certificates;
  /** Text of the live configuration without passwords. */
  readonly config: () => Promise<string | undefined>;
  /** Services by name, as the JSON configuration shows them. */
  readonly services: () => Readonly<Record<string, unknown>>;
  /** Asks the listeners to notify all services again. @throws when one did not take it */
  readonly askListeners: () => Promise<void>;
  /** Whether a fetch from a listener has succeeded. */
  readonly hasFetched: () => boolean;
  /** HAProxy's statistics as CSV. */
  readonly statistics: () => Promise<string>;
  /** HAProxy's own exporter. */
  readonly exporter: () => Promise<string>;
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
  readonly status: () => unknown;
  readonly explain: (request: ExplainedRequest) => Explanation;
  /** The port a request arrives on unless the caller of `explain` says another. */
  readonly defaultPort: number;
  /** What replicas compare with each other. */
  readonly fingerprints: () => Promise<Fingerprints>;
  /** The reason why no configuration is in force, and the services that are set aside. */
  readonly readiness: () => { readonly problem: string | undefined; readonly rejected: readonly string[] };
  readonly token: string | undefined;
  readonly logger: Logger;
}

/** The API of the original, plus a status, HAProxy's exporter and a description of it all. */
export function addRoutes(app: Express, parts: RouteParts): void {
  app.use(redirectUncleanPaths, withoutTrailingSlash);
  if (parts.token !== undefined) app.use(BASE, demandToken(parts.token));
  const any = (path: string, handle: (request: Request, response: Response) => Promise<void> | void) =>
    app.all(path, (request, response) => handle(request, response));

  any(`${BASE}/reconfigure`, (request, response) => answerReconfigure(request, response, parts));
  any(`${BASE}/remove`, (request, response) => answerRemove(request, response, parts));
  any(`${BASE}/reload`, (request, response) => answerReload(request, response, parts));
  any(`${BASE}/config`, (request, response) => answerConfig(request, response, parts));
  any(`${BASE}/cert`, async (request, response) => {
    if (request.method !== 'PUT') {
      response.status(405).setHeader('Allow', 'PUT').end();
      return;
    }
    await readBody(request, response);
    await answerCert(request, response, parts);
  });
  any(`${BASE}/certs`, async (request, response) => {
    sendJson(response, 200, {
      Status: 'OK',
      Message: '',
      Certs: await parts.certificates.list(request.socket.remoteAddress),
    });
  });
  any(`${BASE}/metrics`, (request, response) => answerStatistics(request, response, parts));
  any(`${BASE}/haproxy-metrics`, async (_request, response) => {
    sendPlain(response, await parts.exporter());
  });
  any('/metrics', async (_request, response) => {
    const { text, contentType } = await parts.metrics();
    response.status(200).setHeader('Content-Type', contentType).end(text);
  });
  any('/readyz', (_request, response) => {
    const { problem, rejected } = parts.readiness();
    if (problem === undefined) sendJson(response, 200, { status: 'OK', rejected });
    else sendJson(response, 503, { code: 'not_ready', message: problem, rejected });
  });
  any(`${BASE}/fingerprint`, async (_request, response) => {
    sendJson(response, 200, await parts.fingerprints());
  });
  any(`${BASE}/explain`, (request, response) => {
    const { host = '', path = '/', port } = parametersOf(request);
    sendJson(
      response,
      200,
      parts.explain({ host, path, port: Number(port) || parts.defaultPort, headers: headersOf(request) }),
    );
  });
  any(`${BASE}/openapi.json`, (_request, response) => sendJson(response, 200, openApiDocument()));
  any(`${BASE}/status`, (_request, response) => sendJson(response, 200, parts.status()));
  any(`${BASE}/ping`, (_request, response) => answerOk(response));
  any(`${BASE}/successfulinitreload`, (_request, response) => {
    response.status(parts.hasFetched() ? 200 : 500).end();
  });
  any('/v1/test', (_request, response) => answerOk(response, 'Test v1'));
  any('/v2/test', (_request, response) => answerOk(response, 'Test v2'));
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

/** Only the query is read; of a repeated name the first value counts. */
function parametersOf(request: Request): Parameters {
  return firstValues(queryOf(request));
}

/** Parameters `header=Name: value`, by lower case name; of a repeated header the values are joined. */
function headersOf(request: Request): ExplainedRequest['headers'] {
  const headers = new Map<string, string>();
  for (const [parameter, text] of queryOf(request)) {
    const colon = text.indexOf(':');
    if (parameter !== 'header' || colon < 1) continue;
    const name = text.slice(0, colon).trim().toLowerCase();
    const value = text.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}

function flag(parameters: Parameters, name: string): boolean {
  const result = readBoolean(parameters[name] ?? '');
  return result.ok && result.value;
}

function readBody(request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    express.text({ type: () => true, limit: MAX_BODY })(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error(messageOf(error)));
    });
  });
}

function sendAnswer(response: Response, { service, status, message }: Answer): void {
  const { ServiceName, ...fields } = serviceAnswer(service, undefined);
  sendJson(response, status, {
    Status: status === 200 ? 'OK' : 'NOK',
    Message: message,
    ServiceName,
    ...fields,
  });
}

function answerOk(response: Response, message = ''): void {
  sendAnswer(response, { service: emptyService(), status: 200, message });
}

function sendPlain(response: Response, text: string): void {
  response.status(200).setHeader('Content-Type', 'text/plain; charset=utf-8').end(text);
}

async function answerReconfigure(request: Request, response: Response, parts: RouteParts): Promise<void> {
  const parameters = parametersOf(request);
  const { proxy, peers, logger } = parts;
  logger.info('Processing reconfigure request', { service: parameters['serviceName'] });
  const distribute = flag(parameters, 'distribute');
  try {
    if (distribute) await peers.addresses();
    const name = parameters['serviceName'];
    if (name) proxy.table.upsert(name, parameters);
    const local = proxy.reconfigure(parameters);
    if (!distribute) {
      sendAnswer(response, await local);
      return;
    }
    const [answer] = await Promise.all([
      local,
      peers.forward({ method: 'GET', path: request.path, query: queryOf(request) }),
    ]);
    sendAnswer(response, answer.status === 200 ? { ...answer, message: DISTRIBUTED } : answer);
  } catch (error) {
    const service = emptyService(parameters['serviceName'] ?? '');
    sendAnswer(response, { service: { ...service, distribute }, status: 500, message: messageOf(error) });
  }
}

async function answerRemove(request: Request, response: Response, parts: RouteParts): Promise<void> {
  const parameters = parametersOf(request);
  const { proxy, peers, logger } = parts;
  const name = parameters['serviceName'] ?? '';
  logger.info('Processing remove request', { service: name });
  if (name === '') {
    sendAnswer(response, {
      service: emptyService(),
      status: 400,
      message: 'The serviceName query is mandatory',
    });
    return;
  }
  const distribute = flag(parameters, 'distribute');
  const service = { ...emptyService(name), aclName: parameters['aclName'] ?? '', distribute };
  try {
    if (distribute) await peers.addresses();
    const local = proxy.remove(name).catch((error: unknown) => {
      logger.error('Reload after a removal failed', { service: name, reason: messageOf(error) });
    });
    if (distribute) {
      await Promise.all([
        local,
        peers.forward({ method: 'GET', path: request.path, query: queryOf(request) }),
      ]);
    }
    await local;
    sendAnswer(response, { service, status: 200, message: distribute ? DISTRIBUTED : '' });
  } catch (error) {
    sendAnswer(response, { service, status: 500, message: messageOf(error) });
  }
}

async function answerReload(request: Request, response: Response, parts: RouteParts): Promise<void> {
  const parameters = parametersOf(request);
  try {
    if (flag(parameters, 'fromListener')) await parts.askListeners();
    else if (flag(parameters, 'recreate')) await parts.proxy.recreate();
    else await parts.proxy.reloadFromDisk();
    answerOk(response);
  } catch (error) {
    sendAnswer(response, { service: emptyService(), status: 500, message: messageOf(error) });
  }
}

async function answerConfig(request: Request, response: Response, parts: RouteParts): Promise<void> {
  if (parametersOf(request)['type']?.toLowerCase() === 'json') {
    sendJson(response, 200, parts.services());
    return;
  }
  const text = await parts.config();
  response.status(text === undefined ? 500 : 200).setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(text ?? '');
}

async function answerCert(request: Request, response: Response, parts: RouteParts): Promise<void> {
  const parameters = parametersOf(request);
  const name = parameters['certName'] ?? '';
  const body = typeof request.body === 'string' ? request.body : '';
  const refuse = (message: string) =>
    sendJson(response, 400, { Status: 'NOK', Message: message, Certs: null });
  if (name === '') {
    refuse('Query parameter certName is mandatory');
    return;
  }
  if (body === '') {
    refuse('Body is empty');
    return;
  }
  const distribute = flag(parameters, 'distribute');
  try {
    if (distribute) await parts.peers.addresses();
    await parts.certificates.put(name, body);
    if (distribute) {
      await parts.peers.forward({ method: 'PUT', path: request.path, query: queryOf(request), body });
    }
    if (distribute) response.status(200).end();
    else sendJson(response, 200, { Status: 'OK', Message: '', Certs: null });
  } catch (error) {
    refuse(messageOf(error));
  }
}

async function answerStatistics(request: Request, response: Response, parts: RouteParts): Promise<void> {
  const distribute = flag(parametersOf(request), 'distribute');
  try {
    const own = await parts.statistics();
    const others = distribute ? await parts.peers.ask(`${BASE}/metrics?distribute=false`) : [];
    sendPlain(response, [own, ...others].join(''));
  } catch (error) {
    response.status(500).setHeader('Content-Type', 'text/plain; charset=utf-8').end(messageOf(error));
  }
}
