import type { Endpoint } from '../endpoints-page.js';

const BASE = '/v1/docker-flow-proxy';

/** What the proxy's API answers. */
export const PROXY_ENDPOINTS: readonly Endpoint[] = [
  {
    method: 'any',
    path: `${BASE}/reconfigure`,
    parameters: 'the [labels of the proxy](../../LABELS.md#proxy) without `com.df.`, `distribute`',
    says: 'Routes a service as the parameters say, and answers when a HAProxy worker does. 400 or 409: parameters that can never be routed; 500: not possible now, with the reason.',
  },
  {
    method: 'any',
    path: `${BASE}/remove`,
    parameters: '`serviceName`, `distribute`',
    says: 'Removes the routes of a service; one that is not known is no error.',
  },
  {
    method: 'any',
    path: `${BASE}/reload`,
    parameters: '`recreate`, `fromListener`',
    says: 'Reloads HAProxy with the file that is there, with a new one (`recreate=true`), or after asking the listeners to send everything (`fromListener=true`).',
  },
  {
    method: 'any',
    path: `${BASE}/config`,
    parameters: '`type`',
    says: 'The configuration that runs, without passwords; with `type=json` the services it was made of.',
  },
  {
    method: 'PUT',
    path: `${BASE}/cert`,
    parameters: '`certName`, `distribute`',
    says: 'Stores the certificate and key in the body (PEM) and uses them at once.',
  },
  {
    method: 'any',
    path: `${BASE}/certs`,
    says: 'All certificates; private keys only for callers with the token, or other replicas.',
  },
  {
    method: 'any',
    path: `${BASE}/metrics`,
    parameters: '`distribute`',
    says: "HAProxy's statistics as CSV, of all replicas with `distribute=true`.",
  },
  { method: 'any', path: `${BASE}/haproxy-metrics`, says: "Metrics of HAProxy's own exporter." },
  {
    method: 'any',
    path: `${BASE}/status`,
    says: 'Services that are live, those that were set aside with the reason, and what HAProxy runs.',
  },
  { method: 'any', path: `${BASE}/ping`, says: '200.' },
  {
    method: 'any',
    path: `${BASE}/successfulinitreload`,
    says: '200 once the services were fetched from a listener, 500 before.',
  },
  {
    method: 'any',
    path: '/metrics',
    says: 'Metrics of the program, and of HAProxy under the names of the old exporter.',
  },
  { method: 'any', path: '/v1/test', says: '200; kept for tests of old.' },
  { method: 'any', path: '/v2/test', says: '200; kept for tests of old.' },
];
