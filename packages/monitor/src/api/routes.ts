import { text, type Express, type Request, type RequestHandler, type Response } from 'express';
import { queryOf, redirectUncleanPaths, sendJson } from '@docker-flow/daemon/http/app';
import { demandAuthorization } from '@docker-flow/daemon/http/authentication';
import type { Logger } from '@docker-flow/daemon/log/logger';
import {
  canonicalMonitorParameters,
  decodeQuery,
  isServiceName,
  readBoolean,
  type Issue,
  type Parameters,
} from '@docker-flow/labels';
import { alertingRule } from '../core/services/alert.js';
import { badNodeRequest, badServiceRequest, nodeAnswer, recordAnswer, serviceAnswer } from './answers.js';
import { RULE_FILE } from '../core/files/build.js';
import { alertsInForce, type ServiceRecord } from '../core/services/monitor-state.js';
import { API, openApiDocument } from './openapi.js';
import type { ServiceRequests } from '../services/service-requests.js';

export interface RouteDeps {
  readonly requests: ServiceRequests;
  /** Whether DF_SCRAPE_TARGET_LABELS is set. */
  readonly picksTargetLabels: boolean;
  readonly status: () => unknown;
  readonly shortcuts: () => unknown;
  /** What there is to tell about a service beside what it says itself. */
  readonly contextOf: (record: ServiceRecord) => RecordContext;
  /** Callers of everything but health checks must show it; `undefined`: everybody may call. */
  readonly token: string | undefined;
  readonly logger: Logger;
  /** Why Prometheus does not run; `undefined` when it does. */
  readonly notRunning: () => string | undefined;
}

/** What the rest of the configuration means for one service. */
export interface RecordContext {
  readonly moreWarnings: readonly Issue[];
  /** Variables that Prometheus does not want, in words. */
  readonly rejectedVariables: readonly string[];
}

type Handler = (parameters: Parameters, response: Response) => void | Promise<void>;

type Handlers = Readonly<Record<(typeof ROUTES)[number], Handler>>;

/** Health checks tell nothing that is secret. */
const OPEN = new Set(['/', '/ping']);

/** The paths below {@link API}: those of the original, and ours. */
export const ROUTES = [
  '/',
  '/ping',
  '/reconfigure',
  '/remove',
  '/node/reconfigure',
  '/node/remove',
  '/status',
  '/shortcuts',
  '/openapi.json',
] as const;

/** Adds all routes to an app. Every method is accepted. */
export function createRoutes(deps: RouteDeps): (app: Express) => void {
  const handlers: Handlers = {
    '/': (_parameters, response) => sendEmpty(response),
    '/ping': (_parameters, response) => sendEmpty(response),
    '/reconfigure': (parameters, response) => reconfigure(deps, parameters, response),
    '/remove': (parameters, response) => remove(deps, parameters, response),
    '/node/reconfigure': (parameters, response) => reconfigureNode(deps, parameters, response),
    '/node/remove': (parameters, response) => removeNode(deps, parameters, response),
    '/status': (_parameters, response) => sendJson(response, 200, deps.status()),
    '/shortcuts': (_parameters, response) => sendJson(response, 200, deps.shortcuts()),
    '/openapi.json': (_parameters, response) => sendJson(response, 200, openApiDocument()),
  };
  return (app) => {
    app.use(redirectUncleanPaths);
    app.use(API, demandAuthorization({ token: deps.token }, { realm: 'monitor', open: OPEN }));
    app.all(API, redirectTo(`${API}/`));
    const readForm = text({ type: 'application/x-www-form-urlencoded', limit: '1mb' });
    for (const path of ROUTES) {
      app.all(API + path, readForm, (request, response) => handlers[path](parametersOf(request), response));
      if (path !== '/') app.all(`${API}${path}/`, redirectTo(API + path));
    }
    app.get('/healthz', (_request, response) => {
      const reason = deps.notRunning();
      sendJson(response, reason === undefined ? 200 : 503, { status: reason ?? 'OK' });
    });
  };
}

function redirectTo(path: string): RequestHandler {
  return (request, response) => {
    const at = request.originalUrl.indexOf('?');
    response.status(301).setHeader('Location', at < 0 ? path : path + request.originalUrl.slice(at));
    response.end();
  };
}

/** What the URL says goes before what a form in the body says. */
function parametersOf(request: Request): Parameters {
  const body: unknown = request.body;
  const form = typeof body === 'string' ? decodeQuery(body) : [];
  return canonicalMonitorParameters([...form, ...queryOf(request)]);
}

function sendEmpty(response: Response): void {
  response.status(200).setHeader('Content-Type', 'application/json');
  response.end();
}

/** The name of the service, or the reason why the request is rejected. */
function serviceOf(parameters: Parameters): { readonly service: string } | { readonly problem: string } {
  const service = parameters['serviceName'] ?? '';
  if (service === '') return { problem: 'serviceName is missing' };
  if (isServiceName(service)) return { service };
  return {
    problem: `serviceName=${JSON.stringify(service)} is not the name of a service or host; expected letters, digits and _ . : [ ] -`,
  };
}

async function reconfigure(deps: RouteDeps, parameters: Parameters, response: Response): Promise<void> {
  const named = serviceOf(parameters);
  if ('problem' in named) {
    deps.logger.warn('Request is rejected', { path: 'reconfigure', reason: named.problem });
    sendJson(response, 400, badServiceRequest(named.problem));
    return;
  }
  const { requests, picksTargetLabels } = deps;
  if (isDryRun(parameters)) {
    const record = await requests.dryRun(parameters);
    const answer = recordAnswer(record, { picksTargetLabels, ...deps.contextOf(record) });
    const rules = { groups: [{ name: RULE_FILE, rules: alertsInForce(record).map(alertingRule) }] };
    sendJson(response, 200, { ...answer, DryRun: true, Rules: rules });
    return;
  }
  const { record, jobRejection, failure } = await requests.reconfigure(named.service, parameters);
  const answer = recordAnswer(record, {
    jobRejection,
    failure,
    picksTargetLabels,
    ...deps.contextOf(record),
  });
  sendJson(response, answer.Status, answer);
}

function isDryRun(parameters: Parameters): boolean {
  const flag = readBoolean(parameters['dryRun'] ?? '');
  return flag.ok && flag.value;
}

async function remove(deps: RouteDeps, parameters: Parameters, response: Response): Promise<void> {
  const named = serviceOf(parameters);
  if ('problem' in named) {
    deps.logger.warn('Request is rejected', { path: 'remove', reason: named.problem });
    sendJson(response, 400, badServiceRequest(named.problem));
    return;
  }
  const { removed, failure } = await deps.requests.remove(named.service);
  const { scrape, alerts } = removed;
  const answer = serviceAnswer({ scrape, alerts, failure, picksTargetLabels: deps.picksTargetLabels });
  sendJson(response, answer.Status, answer);
}

async function reconfigureNode(deps: RouteDeps, parameters: Parameters, response: Response): Promise<void> {
  const id = parameters['id'] ?? '';
  if (id === '') {
    deps.logger.warn('Request is rejected', {
      path: 'node/reconfigure',
      reason: 'the id of the node is missing',
    });
    sendJson(response, 400, badNodeRequest('node id not included in requests'));
    return;
  }
  const { labels, failure } = await deps.requests.reconfigureNode(id, parameters);
  const answer = nodeAnswer(id, labels, failure);
  sendJson(response, answer.Status, answer);
}

async function removeNode(deps: RouteDeps, parameters: Parameters, response: Response): Promise<void> {
  const id = parameters['id'] ?? '';
  if (id === '') {
    deps.logger.warn('Request is rejected', { path: 'node/remove', reason: 'the id of the node is missing' });
    sendJson(response, 400, badNodeRequest('node id not in query'));
    return;
  }
  const { labels, failure } = await deps.requests.removeNode(id);
  const answer = nodeAnswer(id, labels ?? null, failure);
  sendJson(response, answer.Status, answer);
}
