import { describeApi, type ApiEndpoint, type ApiParameter } from '@docker-flow/daemon/http/openapi';

const SERVICE: ApiParameter = { name: 'name', description: 'Of the service' };

/** What the dashboard answers; all of it also exists under `SERVER_PREFIX`. */
export const ENDPOINTS: readonly ApiEndpoint[] = [
  {
    method: 'GET',
    path: '/v1/ping',
    summary: 'Whether the API is there',
    answers: { 200: { description: 'Empty' } },
  },
  {
    method: 'GET',
    path: '/v1/state',
    summary: 'Everything on the page by key: service/NAME, route/ID, problem/ID …',
    answers: { 200: 'Values by key' },
  },
  {
    method: 'GET',
    path: '/v1/events',
    summary:
      'Server-sent events: `whole` once, then `change` with what was set and what is gone, and `heartbeat` every 10 s',
    parameters: [
      { name: 'since', description: 'Id of the last event that was seen; `Last-Event-ID` counts more' },
    ],
    answers: { 200: 'Open until the page is closed' },
    contentType: 'text/event-stream',
  },
  {
    method: 'GET',
    path: '/v1/services/{name}',
    summary:
      'Each label of a service with what became of it; routes, servers, targets, alerts, bounds, tasks',
    parameters: [SERVICE],
    answers: { 200: 'The service', 404: 'No program knows it' },
  },
  {
    method: 'GET',
    path: '/v1/services/{name}/timeline',
    summary: 'Replicas, requests, response times, alerts and decisions of a service over time',
    parameters: [
      SERVICE,
      {
        name: 'range',
        description: 'Seconds until now',
        schema: { type: 'integer', enum: [900, 3600, 21600, 86400], default: 3600 },
      },
    ],
    answers: { 200: 'The time line', 400: 'Another range' },
  },
  {
    method: 'GET',
    path: '/v1/labels/{name}',
    summary: 'What a label means, for each program that reads it; its name without `com.df.`',
    parameters: [{ name: 'name', description: 'Of the label' }],
    answers: { 200: 'The label', 404: 'No program knows it' },
  },
  {
    method: 'GET',
    path: '/v1/explain',
    summary: "Which route takes a request, and why not the ones before it, in the proxy's own words",
    parameters: [
      { name: 'host', description: 'The Host header' },
      { name: 'path', description: 'The path; / when absent' },
    ],
    answers: { 200: 'The explanation', 502: 'The proxy does not answer' },
  },
  { method: 'GET', path: '/v1/openapi.json', summary: 'This description', answers: { 200: 'OpenAPI 3.1' } },
];

/** The OpenAPI description of the routes. */
export function openApiDocument() {
  return describeApi({
    title: 'Docker Flow Dashboard',
    description: 'One read-only view of listener, proxy, monitor, Prometheus, Alertmanager and scaler.',
    endpoints: ENDPOINTS,
  });
}
