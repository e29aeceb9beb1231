interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: unknown;
}

interface Operation {
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: unknown }>>;
}

const NAME: Parameter = { name: 'name', in: 'path', required: true, schema: { type: 'string' } };

function query(name: string, description: string, schema: unknown = { type: 'string' }): Parameter {
  return { name, in: 'query', required: false, description, schema };
}

function json(description: string) {
  return { description, content: { 'application/json': { schema: { type: 'object' } } } };
}

const PATHS: Readonly<Record<string, Operation>> = {
  '/v1/ping': {
    summary: 'Whether the API is there',
    parameters: [],
    responses: { 200: { description: 'Empty' } },
  },
  '/v1/state': {
    summary: 'Everything on the page by key: service/NAME, route/ID, problem/ID …',
    parameters: [],
    responses: { 200: json('Values by key') },
  },
  '/v1/events': {
    summary:
      'Server-sent events: `whole` once, then `change` with what was set and what is gone, and `heartbeat` every 10 s',
    parameters: [query('since', 'Id of the last event that was seen; `Last-Event-ID` counts more')],
    responses: {
      200: { description: 'Open until the page is closed', content: { 'text/event-stream': {} } },
    },
  },
  '/v1/services/{name}': {
    summary:
      'Each label of a service with what became of it; routes, servers, targets, alerts, bounds, tasks',
    parameters: [NAME],
    responses: { 200: json('The service'), 404: json('No program knows it') },
  },
  '/v1/services/{name}/timeline': {
    summary: 'Replicas, requests, response times, alerts and decisions of a service over time',
    parameters: [
      NAME,
      query('range', 'Seconds until now', {
        type: 'integer',
        enum: [900, 3600, 21600, 86400],
        default: 3600,
      }),
    ],
    responses: { 200: json('The time line'), 400: json('Another range') },
  },
  '/v1/labels/{name}': {
    summary: 'What a label means, for each program that reads it; its name without `com.df.`',
    parameters: [NAME],
    responses: { 200: json('The label'), 404: json('No program knows it') },
  },
  '/v1/explain': {
    summary: "Which route takes a request, and why not the ones before it, in the proxy's own words",
    parameters: [query('host', 'The Host header'), query('path', 'The path; / when absent')],
    responses: { 200: json('The explanation'), 502: json('The proxy does not answer') },
  },
  '/v1/openapi.json': {
    summary: 'This description',
    parameters: [],
    responses: { 200: json('OpenAPI 3.1') },
  },
};

/** The OpenAPI description of the routes. */
export function openApiDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Docker Flow Dashboard',
      version: '1',
      description: 'One read-only view of listener, proxy, monitor, Prometheus, Alertmanager and scaler.',
    },
    paths: Object.fromEntries(Object.entries(PATHS).map(([path, get]) => [path, { get }])),
  };
}
