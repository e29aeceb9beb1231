import type { BuiltIn } from './built-in.js';

/** Who tells about HAProxy: its own Prometheus endpoint, or the separate exporter of old. */
export type ProxyMetrics = 'built-in' | 'exporter';

const UP = { scale: 'up', type: 'service' };

/** Shortcuts over what the proxy measures, for services that expose no metrics themselves. */
export function proxyShortcuts(metrics: ProxyMetrics): readonly BuiltIn[] {
  const label = metrics === 'exporter' ? 'backend' : 'proxy';
  const responseTime =
    metrics === 'exporter'
      ? 'haproxy_backend_http_response_time_average_seconds'
      : 'haproxy_backend_response_time_average_seconds';
  // Names of backends in Docker Flow Proxy: web-be8080_1, with https-web-be8443_1 beside it.
  const backends = (s: string) => `${label}=~"(https-)?${s.replace(/[.[\]]/g, '\\\\$&')}-be[0-9]+_[0-9]+"`;
  // The version that a backend serves; the proxy tells it by the name of the backend, once for each of its replicas.
  const versionOf = (s: string, version: 'stable' | 'canary') => {
    const info = `docker_flow_proxy_backend_info{service="${s}", version="${version}"}`;
    const named = label === 'backend' ? info : `label_replace(${info}, "${label}", "$1", "backend", "(.*)")`;
    return `* on (${label}) group_left () max by (${label}) (${named})`;
  };
  const errorRatio = (s: string, window: string | undefined, version: 'stable' | 'canary') =>
    `sum(rate(haproxy_backend_http_responses_total{code="5xx"}[${window}]) ${versionOf(s, version)}) / sum(rate(haproxy_backend_http_responses_total[${window}]) ${versionOf(s, version)})`;
  return [
    {
      name: '@canary_error_ratio',
      parameters: [{ name: 'WINDOW' }, { name: 'SHARE' }],
      labels: { type: 'errors' },
      expression: ({ s, v }) =>
        `${errorRatio(s, v[0], 'canary')} - ${errorRatio(s, v[0], 'stable')} > ${v[1]}`,
      summary: ({ s, v }) =>
        `Error rate of the canary of the service ${s} is more than ${v[1]} above that of the stable version`,
    },
    {
      name: '@canary_response_time',
      parameters: [{ name: 'FACTOR' }],
      labels: { type: 'errors' },
      expression: ({ s, v }) =>
        `max(${responseTime} ${versionOf(s, 'canary')}) / max(${responseTime} ${versionOf(s, 'stable')}) > ${v[0]}`,
      summary: ({ s, v }) =>
        `Response time of the canary of the service ${s} is more than ${v[0]} times that of the stable version`,
    },
    {
      name: '@proxy_resp_time_above',
      parameters: [{ name: 'SECONDS' }],
      labels: UP,
      expression: ({ s, v }) => `max by (${label}) (${responseTime}{${backends(s)}}) > ${v[0]}`,
      summary: ({ s, v }) => `Response time of the service ${s} measured by the proxy is above ${v[0]}`,
    },
    {
      name: '@proxy_resp_time_below',
      parameters: [{ name: 'SECONDS' }],
      labels: { scale: 'down', type: 'service' },
      expression: ({ s, v }) => `max by (${label}) (${responseTime}{${backends(s)}}) < ${v[0]}`,
      summary: ({ s, v }) => `Response time of the service ${s} measured by the proxy is below ${v[0]}`,
    },
    {
      name: '@proxy_error_rate',
      parameters: [{ name: 'WINDOW' }, { name: 'SHARE' }],
      labels: { type: 'errors' },
      expression: ({ s, v }) =>
        `sum(rate(haproxy_backend_http_responses_total{${backends(s)}, code="5xx"}[${v[0]}])) / sum(rate(haproxy_backend_http_responses_total{${backends(s)}}[${v[0]}])) > ${v[1]}`,
      summary: ({ s, v }) => `Error rate of the service ${s} measured by the proxy is above ${v[1]}`,
    },
    {
      name: '@proxy_request_rate_above',
      parameters: [{ name: 'WINDOW' }, { name: 'RATE' }],
      labels: UP,
      expression: ({ s, v }) =>
        `sum(rate(haproxy_backend_http_requests_total{${backends(s)}}[${v[0]}])) > ${v[1]}`,
      summary: ({ s, v }) => `Request rate of the service ${s} measured by the proxy is above ${v[1]}`,
    },
    {
      name: '@proxy_queue_above',
      parameters: [{ name: 'COUNT' }],
      labels: UP,
      expression: ({ s, v }) => `sum(haproxy_backend_current_queue{${backends(s)}}) > ${v[0]}`,
      summary: ({ s, v }) => `More than ${v[0]} requests wait in the proxy queue of the service ${s}`,
    },
  ];
}
