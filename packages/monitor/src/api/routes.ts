import { text, type Express, type Request, type RequestHandler, type Response } from 'express';
import { queryOf, redirectUncleanPaths, sendJson } from '@docker-flow/daemon/http/app';
import {
  canonicalMonitorParameters,
  decodeQuery,
  isServiceName,
  pickTargetLabels,
  readBoolean,
  type Parameters,
} from '@docker-flow/labels';
import { alertingRule } from '../core/services/alert.js';
import { nodeAnswer, badNodeRequest, badServiceRequest, serviceAnswer } from './answers.js';
import { RULE_FILE } from '../core/files/build.js';
import { acceptedAlerts, alertsInForce, rejectedAlerts } from '../core/services/monitor-state.js';
import { API, openApiDocument } from './openapi.js';
import type { Monitor } from '../services/service-changes.js';

export interface RouteOptions {
  readonly monitor: Monitor;
  /** Somebody has spoken of a service: from now on this is newer than any list that was asked for before. */
  readonly noteService: (service: string, parameters: Parameters | undefined) => void;
  readonly noteNode: (id: string, parameters: Parameters | undefined) => void;
  readonly scrapeTargetLabels: readonly string[];
  readonly nodeTargetLabels: readonly string[];
  readonly status: () => unknown;
  readonly shortcuts: () => unknown;
  /** Why Prometheus does not run; `undefined` when it does. */
  readonly notRunning: () => string | undefined;
}

type Handler = (parameters: Parameters, response: Response) => void | Promise<void>;

type Handlers = Readonly<Record<(typeof ROUTES)[number], Handler>>;

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
export function createRoutes(options: RouteOptions): (app: Express) => void {
  const handlers: Handlers = {
    '/': (_parameters, response) => sendEmpty(response),
    '/ping': (_parameters, response) => sendEmpty(response),
    '/reconfigure': (parameters, response) => reconfigure(options, parameters, response),
    '/remove': (parameters, response) => remove(options, parameters, response),
    '/node/reconfigure': (parameters, response) => reconfigureNode(options, parameters, response),
    '/node/remove': (parameters, response) => removeNode(options, parameters, response),
    '/status': (_parameters, response) => sendJson(response, 200, options.status()),
    '/shortcuts': (_parameters, response) => sendJson(response, 200, options.shortcuts()),
    '/openapi.json': (_parameters, response) => sendJson(response, 200, openApiDocument()),
  };
  return (app) => {
    app.use(redirectUncleanPaths);
    app.all(API, redirectTo(`${API}/`));
    const readForm = text({ type: 'application/x-www-form-urlencoded', limit: '1mb' });
    for (const path of ROUTES) {
      app.all(API + path, readForm, (request, response) => handlers[path](parametersOf(request), response));
      if (path !== '/') app.all(`${API}${path}/`, redirectTo(API + path));
    }
    app.get('/healthz', (_request, response) => {
      const reason = options.notRunning();
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

async function reconfigure(options: RouteOptions, parameters: Parameters, response: Response): Promise<void> {
  const named = serviceOf(parameters);
  if ('problem' in named) {
    sendJson(response, 400, badServiceRequest(named.problem));
    return;
  }
  const picksTargetLabels = options.scrapeTargetLabels.length > 0;
  if (isDryRun(parameters)) {
    const record = await options.monitor.dryRun(parameters);
    const alerts = acceptedAlerts(record);
    const rejected = rejectedAlerts(record);
    const answer = serviceAnswer({
      scrape: record.settings,
      alerts,
      rejected,
      warnings: record.warnings,
      jobRejection: undefined,
      failure: undefined,
      picksTargetLabels,
    });
    const rules = { groups: [{ name: RULE_FILE, rules: alertsInForce(record).map(alertingRule) }] };
    sendJson(response, 200, { ...answer, DryRun: true, Rules: rules });
    return;
  }
  options.noteService(named.service, parameters);
  const described = options.monitor.describe(parameters);
  const outcome = await options.monitor.submit({ kind: 'put-service', record: described }, 'reconfigure');
  const record = outcome.record ?? described;
  const answer = serviceAnswer({
    scrape: record.settings,
    alerts: acceptedAlerts(record),
    rejected: rejectedAlerts(record),
    warnings: record.warnings,
    jobRejection: outcome.jobRejection,
    failure: outcome.failure,
    picksTargetLabels,
  });
  sendJson(response, answer.Status, answer);
}

function isDryRun(parameters: Parameters): boolean {
  const flag = readBoolean(parameters['dryRun'] ?? '');
  return flag.ok && flag.value;
}

async function remove(options: RouteOptions, parameters: Parameters, response: Response): Promise<void> {
  const named = serviceOf(parameters);
  if ('problem' in named) {
    sendJson(response, 400, badServiceRequest(named.problem));
    return;
  }
  const { service } = named;
  options.noteService(service, undefined);
  const { removed, failure } = await options.monitor.submit({ kind: 'remove-service', service }, 'remove');
  const answer = serviceAnswer({
    scrape: removed.scrape,
    alerts: removed.alerts,
    rejected: [],
    warnings: [],
    jobRejection: undefined,
    failure,
    picksTargetLabels: options.scrapeTargetLabels.length > 0,
  });
  sendJson(response, answer.Status, answer);
}

async function reconfigureNode(
  options: RouteOptions,
  parameters: Parameters,
  response: Response,
): Promise<void> {
  const id = parameters['id'] ?? '';
  if (id === '') {
    sendJson(response, 400, badNodeRequest('node id not included in requests'));
    return;
  }
  options.noteNode(id, parameters);
  const labels = pickTargetLabels(parameters, options.nodeTargetLabels);
  const { failure } = await options.monitor.submit({ kind: 'put-node', id, labels }, 'node-reconfigure');
  const answer = nodeAnswer(id, labels, failure);
  sendJson(response, answer.Status, answer);
}

async function removeNode(options: RouteOptions, parameters: Parameters, response: Response): Promise<void> {
  const id = parameters['id'] ?? '';
  if (id === '') {
    sendJson(response, 400, badNodeRequest('node id not in query'));
    return;
  }
  options.noteNode(id, undefined);
  const { removed, failure } = await options.monitor.submit({ kind: 'remove-node', id }, 'node-remove');
  const answer = nodeAnswer(id, removed.node ?? null, failure);
  sendJson(response, answer.Status, answer);
}
