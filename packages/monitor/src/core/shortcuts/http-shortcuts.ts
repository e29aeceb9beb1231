import type { BuiltIn } from './built-in.js';

const UP = { scale: 'up', type: 'service' };
const DOWN = { scale: 'down', type: 'service' };
const ERRORS = { type: 'errors' };

/**
 * The matcher of one histogram bucket. Prometheus 3 stores `le="1"` of a target as `le="1.0"`, so a whole
 * number has to match both there (older data still holds the short form).
 */
export function bucketMatcher(bound: string, prometheusMajor: number): string {
  return prometheusMajor >= 3 && /^[0-9]+$/.test(bound) ? `le=~"${bound}|${bound}\\\\.0"` : `le="${bound}"`;
}

/** Shortcuts over the histogram `http_server_resp_time` of an instrumented service, and over its targets. */
export function httpShortcuts(prometheusMajor: number): readonly BuiltIn[] {
  const withinBound = (s: string, v: readonly string[]) =>
    `sum(rate(http_server_resp_time_bucket{job="${s}", ${bucketMatcher(v[0] ?? '', prometheusMajor)}}[${v[1]}])) / sum(rate(http_server_resp_time_count{job="${s}"}[${v[1]}]))`;
  const bucket = [{ name: 'BOUND' }, { name: 'WINDOW' }, { name: 'SHARE' }];
  const quantile = (s: string, v: readonly string[]) =>
    `histogram_quantile(${v[0]}, sum by (le) (rate(http_server_resp_time_bucket{job="${s}"}[${v[1]}])))`;
  const quantileOf = [{ name: 'QUANTILE' }, { name: 'WINDOW' }, { name: 'SECONDS' }];
  const requests = (s: string, v: readonly string[]) =>
    `sum(rate(http_server_resp_time_count{job="${s}"}[${v[0]}]))`;
  const rate = [{ name: 'WINDOW' }, { name: 'RATE' }];
  return [
    {
      name: '@resp_time_above',
      parameters: bucket,
      labels: UP,
      expression: ({ s, v }) => `${withinBound(s, v)} < ${v[2]}`,
      summary: ({ s, v }) => `Response time of the service ${s} is above ${v[0]}`,
    },
    {
      name: '@resp_time_below',
      parameters: bucket,
      labels: DOWN,
      expression: ({ s, v }) => `${withinBound(s, v)} > ${v[2]}`,
      summary: ({ s, v }) => `Response time of the service ${s} is below ${v[0]}`,
    },
    {
      name: '@resp_time_server_error',
      parameters: [{ name: 'WINDOW' }, { name: 'SHARE' }],
      labels: ERRORS,
      // The dollar sign has always been doubled here; as a regular expression it says the same.
      expression: ({ s, v }) =>
        `sum(rate(http_server_resp_time_count{job="${s}", code=~"^5..$$"}[${v[0]}])) / sum(rate(http_server_resp_time_count{job="${s}"}[${v[0]}])) > ${v[1]}`,
      summary: ({ s, v }) => `Error rate of the service ${s} is above ${v[1]}`,
    },
    {
      name: '@resp_time_quantile_above',
      parameters: quantileOf,
      labels: UP,
      expression: ({ s, v }) => `${quantile(s, v)} > ${v[2]}`,
      summary: ({ s, v }) => `The ${v[0]} quantile of the response time of the service ${s} is above ${v[2]}`,
    },
    {
      name: '@resp_time_quantile_below',
      parameters: quantileOf,
      labels: DOWN,
      expression: ({ s, v }) => `${quantile(s, v)} < ${v[2]}`,
      summary: ({ s, v }) => `The ${v[0]} quantile of the response time of the service ${s} is below ${v[2]}`,
    },
    {
      name: '@request_rate_above',
      parameters: rate,
      labels: UP,
      expression: ({ s, v }) => `${requests(s, v)} > ${v[1]}`,
      summary: ({ s, v }) => `Request rate of the service ${s} is above ${v[1]}`,
    },
    {
      name: '@request_rate_below',
      parameters: rate,
      labels: DOWN,
      expression: ({ s, v }) => `${requests(s, v)} < ${v[1]}`,
      summary: ({ s, v }) => `Request rate of the service ${s} is below ${v[1]}`,
    },
    {
      name: '@error_budget_burn',
      parameters: [{ name: 'OBJECTIVE' }],
      labels: ERRORS,
      expression: ({ s, v }) => budgetBurn(s, v[0] ?? ''),
      summary: ({ s, v }) => `The service ${s} burns its error budget of the objective ${v[0]} too fast`,
    },
    {
      name: '@target_down',
      parameters: [],
      labels: ERRORS,
      expression: ({ s }) => `up{job="${s}"} == 0`,
      summary: ({ s }) => `A target of the service ${s} is down`,
    },
    {
      name: '@target_absent',
      parameters: [],
      labels: ERRORS,
      expression: ({ s }) => `absent(up{job="${s}"})`,
      summary: ({ s }) => `The service ${s} has no targets`,
    },
  ];
}

/** The usual two-window burn rates of a 30-day objective (Google, The Site Reliability Workbook, chapter 5). */
function budgetBurn(s: string, objective: string): string {
  const errors = (window: string) =>
    `sum(rate(http_server_resp_time_count{job="${s}", code=~"5.."}[${window}])) / sum(rate(http_server_resp_time_count{job="${s}"}[${window}]))`;
  const burns = (factor: string, long: string, short: string) => {
    const limit = `(${factor} * (1 - ${objective}))`;
    return `(${errors(long)} > ${limit} and ${errors(short)} > ${limit})`;
  };
  return `${burns('14.4', '1h', '5m')} or ${burns('6', '6h', '30m')}`;
}
