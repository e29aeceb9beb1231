import { describeApi, type ApiEndpoint } from '@docker-flow/daemon/http/openapi';

/** Everything of the original lies below this path. */
export const BASE = '/v1/docker-flow-swarm-listener';

/** What swarm-listener answers. */
export const ENDPOINTS: readonly ApiEndpoint[] = [
  {
    method: 'any',
    path: `${BASE}/ping`,
    summary: '200 `{"Status":"OK"}`, without asking Docker',
    answers: { 200: 'The API is there' },
  },
  {
    method: 'any',
    path: `${BASE}/notify-services`,
    summary: 'Answers at once, then sends every service to its receivers again',
    answers: { 200: 'It begins', 401: '`API_TOKEN` is set, and the caller has not shown it' },
  },
  {
    method: 'any',
    path: `${BASE}/get-services`,
    summary:
      'Every service of interest that runs, as a JSON array of objects with the parameters of a notification; with an `ETag` that changes when the content does. Without the token `users` and `serviceCert` are masked. With `?notRunning=true` an object, `{"services": […], "notRunning": […]}`: also those of which no task runs right now, so that nobody takes a service that restarts for one that is gone',
    answers: {
      200: 'The services',
      304: 'As at the time of the tag in `If-None-Match`',
      401: 'The caller has shown a wrong token',
      500: 'Docker does not answer; the body is `[]`',
    },
  },
  {
    method: 'any',
    path: `${BASE}/get-nodes`,
    summary: 'Every node, as a JSON array of objects with the parameters of a notification; with an `ETag`',
    answers: {
      200: 'The nodes',
      304: 'As at the time of the tag in `If-None-Match`',
      500: 'Docker does not answer; the body is `[]`',
    },
  },
  {
    method: 'any',
    path: `${BASE}/status`,
    summary:
      "How many services and nodes are known, and `warnings`: what of services' labels is written and not in force, each with service, label, value, problem and what would be right",
    answers: { 200: 'The status' },
  },
  {
    method: 'any',
    path: `${BASE}/ready`,
    summary:
      'The same as `/readyz`: whether Docker answers and everything was looked at once, and which stream is down since when',
    answers: { 200: 'It can do its work', 503: 'It cannot, with the reason' },
  },
  {
    method: 'any',
    path: `${BASE}/openapi.json`,
    summary: 'This description',
    answers: { 200: 'OpenAPI 3.1' },
  },
];

/** The OpenAPI description of the routes. */
export function openApiDocument() {
  return describeApi({
    title: 'Docker Flow Swarm Listener',
    description:
      'Tells receivers which services and nodes a Swarm has. It only reads; whoever asks cannot change anything but when it speaks. Any HTTP method does what GET does.',
    hasToken: true,
    endpoints: ENDPOINTS,
  });
}
